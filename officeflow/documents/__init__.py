"""PDF documents for customers: invoices and credit notes on A4, receipts for till printers.

`fonts` chooses the typeface, `a4` draws an A4 document, `receipt` a receipt, and `stored` has the
model of an issued document. The apps that issue documents provide their texts.
"""

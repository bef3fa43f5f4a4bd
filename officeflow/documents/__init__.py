"""Documents for customers as PDF: invoices and credit notes on A4, receipts of a till.

`fonts` chooses the typeface, `a4` draws an A4 document, `receipt` a receipt, `stored` holds the
model of an issued document. They draw texts only: the apps that issue a document decide its
content.
"""

"""What customers take home: invoices and credit notes on A4, receipts on a till's roll.

`faces` chooses the letters, `sheet` draws an A4 document, `roll` a receipt, `stored` keeps what
was drawn. All of them know texts alone: what a paper says is decided by those who issue it.
"""

"""Orders as Shopify, WooCommerce and Square export them."""

from __future__ import annotations

import pytest

from recommender.shop.sales.mended import mended_csv
from recommender.shop.sales.reading import guess
from tests.shop.sales.lines import lines_of, read

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Total,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Billing Name,Cancelled at,Payment Method,Refunded Amount,Vendor,Id\n"
    "#1003,Ann@example.com,paid,2024-03-02 10:00:01 +0200,fulfilled,EUR,30.00,35.00,2024-03-02 10:00:00 +0200,2,"
    '"Tea cup - Blue, large",10.00,TC-1,Ann A,,Card,0.00,Shop,5001\n'
    "#1003,,,,,,,,,1,Pot,10.00,P-1,,,,,Shop,\n"
    "#1002,bob@example.com,paid,,,EUR,10.00,12.00,2024-03-01 09:00:00 +0200,1,Pot,10.00,P-1,,"
    "2024-03-01 11:00:00 +0200,Card,0.00,Shop,5000\n"
    "#1001,bob@example.com,refunded,,,EUR,10.00,12.00,2024-02-01 09:00:00 +0200,1,Pot,10.00,P-1,,,Card,"
    "12.00,Shop,4999\n"
    "#1001,,,,,,,,,1,Tray,10.00,,,,,,Shop,\n"
    "#1000,,paid,,,EUR,10.00,12.00,2024-01-01 09:00:00 +0200,1,Pot,10.00,P-1,,,Card,0.00,Shop,4998\n"
)


def test_shopify_writes_what_is_an_orders_own_on_its_first_line_only() -> None:
    columns = guess(SHOPIFY.encode(), "orders.csv")
    assert (columns.order, columns.customer, columns.item, columns.item_id) == (
        "Name", "Email", "Lineitem name", "Lineitem sku",
    )  # fmt: skip
    assert (columns.time, columns.quantity, columns.status) == ("Created at", "Lineitem quantity", "Financial Status")
    brought = read(SHOPIFY, columns)
    assert lines_of(brought) == [
        ("ann@example.com", "2024-03-02 08:00:00", "Tea cup - Blue large", "purchase", 2),
        ("ann@example.com", "2024-03-02 08:00:00", "Pot", "purchase", 1),
        ("#1000", "2024-01-01 07:00:00", "Pot", "purchase", 1),
    ]
    assert brought.told.left_out == {"sales_out_cancelled": 3}
    assert [problem.line for problem in brought.told.problems] == [4, 5, 6]


ALGOLPLUS = (
    '"Order Number","Order Status","Order Date","First Name (Billing)","Email (Billing)","SKU","Item #","Item Name",'
    '"Quantity (- Refund)","Item Cost","Order Total Amount"\n'
    '"1024","Completed","2024-03-02 10:00","Ann","ann@example.com","TC-1","1","Tea cup","2","10.00","40"\n'
    '"","","","","","P-1","2","Pot","1","20.00",""\n'
    '"1025","Cancelled","2024-03-03 10:00","Bob","bob@example.com","P-1","1","Pot","1","20.00","20"\n'
    '"1026","Processing","2024-03-04 10:00","Bob","bob@example.com","P-1","1","Pot","1","20.00","20"\n'
    '"1027","Completed","2024-03-05 10:00","Bob","bob@example.com","TC-1","1","Tea cup","0","20.00","20"\n'
)
WEBTOFFEE = (
    "order_id,order_number,order_date,status,order_total,customer_id,customer_email,billing_first_name,line_item_1,"
    "line_item_2\n"
    "1024,1024,2024-03-02 10:00:00,wc-completed,40,0,ann@example.com,Ann,"
    "name:Tea cup|product_id:12|sku:TC-1|quantity:2|total:20.00|sub_total:20.00,"
    "name:Pot|product_id:13|sku:P-1|quantity:1|total:20.00|sub_total:20.00\n"
    "1025,1025,2024-03-03 10:00:00,wc-cancelled,20,7,bob@example.com,Bob,name:Pot|product_id:13|sku:P-1|quantity:1,\n"
    "1026,1026,2024-03-04 10:00:00,wc-processing,20,7,bob@example.com,Bob,name:Pot|product_id:13|sku:P-1|quantity:1,\n"
)
ANALYTICS = (
    '"Date","Order #","Status","Customer","Customer type","Product(s)","Items sold","Coupon(s)","N. Revenue"\n'
    '"2024-03-02 10:00:00","1024","completed","ann@example.com","new","2× Tea cup, 1× Pot","3","","40"\n'
    '"2024-03-03 10:00:00","1025","cancelled","bob@example.com","new","1× Pot","1","","20"\n'
    '"2024-03-04 10:00:00","1026","processing","bob@example.com","returning","1× Pot","1","","20"\n'
)


@pytest.mark.parametrize("text", [ALGOLPLUS, WEBTOFFEE, ANALYTICS])
def test_woocommerces_exports_say_the_same(text: str) -> None:
    brought = read(text)
    assert lines_of(brought) == [
        ("ann@example.com", "2024-03-02 10:00:00", "Tea cup", "purchase", 2),
        ("ann@example.com", "2024-03-02 10:00:00", "Pot", "purchase", 1),
        ("bob@example.com", "2024-03-04 10:00:00", "Pot", "purchase", 1),
    ]
    assert brought.told.left_out["sales_out_cancelled"] == 1


def test_a_row_of_an_order_that_holds_no_item_is_left_out() -> None:
    brought = read(WEBTOFFEE + "1027,1027,2024-03-05 10:00:00,wc-completed,0,7,bob@example.com,Bob,,\n")
    assert [problem.sentence() for problem in brought.told.problems][1:] == ["line 5: it names no item."]


SQUARE = (
    "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Net Sales,Tax,Transaction ID,Event Type,"
    "Location,Customer ID,Customer Name\n"
    "03/02/2024,14:57:00,Eastern Time (US & Canada),Drinks,Tea cup,2.0,Regular,,$20.00,$20.00,$0.00,TX1,Payment,Shop,"
    "C1,Ann\n"
    "03/02/2024,14:57:00,Eastern Time (US & Canada),Drinks,Pot,1.0,Regular,,$20.00,$20.00,$0.00,TX1,Payment,Shop,"
    "C1,Ann\n"
    "03/14/2024,09:01:00,Eastern Time (US & Canada),Drinks,Pot,-1.0,Regular,,-$20.00,-$20.00,$0.00,TX2,Refund,Shop,"
    "C1,\n"
    "03/14/2024,09:05:00,Eastern Time (US & Canada),Drinks,Pot,1.0,Regular,,$20.00,$20.00,$0.00,TX3,Payment,Shop,,\n"
)


def test_squares_date_and_time_stand_in_two_columns_and_refunds_are_returns() -> None:
    columns = guess(SQUARE.encode(), "items.csv")
    assert (columns.time, columns.clock, columns.customer, columns.item) == ("Date", "Time", "Customer ID", "Item")
    assert lines_of(read(SQUARE)) == [
        ("C1", "2024-03-02 14:57:00", "Tea cup", "purchase", 2),
        ("C1", "2024-03-02 14:57:00", "Pot", "purchase", 1),
        ("C1", "2024-03-14 09:01:00", "Pot", "return", 1),
        ("TX3", "2024-03-14 09:05:00", "Pot", "purchase", 1),
    ]


@pytest.mark.parametrize("text", [SHOPIFY, WEBTOFFEE, SQUARE, ANALYTICS])
def test_the_mended_file_is_read_as_the_same_sales(text: str) -> None:
    brought = read(text)
    again = read(mended_csv(brought))
    assert lines_of(again) == lines_of(brought)
    assert [item.id for item in again.sales.catalogue] == [item.id for item in brought.sales.catalogue]
    assert not again.told.left_out

"""What shops export, as it is exported: read into sales, and told in numbers."""

from __future__ import annotations

from recommender.shop.sales.columns import Columns
from recommender.shop.sales.events import EVENTS
from recommender.shop.sales.reading import Brought, bring, guess
from recommender.shop.sales.times import iso_text

Line = tuple[str, str, str, str, float]


def lines_of(brought: Brought) -> list[Line]:
    """Customer, time, item, event, quantity of each event."""
    sales = brought.sales
    columns = (sales.customers, sales.times, sales.items, sales.events, sales.quantities)
    return [
        (brought.customers[who], iso_text(when), sales.catalogue.items[what].name("en"), EVENTS[event], quantity)
        for who, when, what, event, quantity in zip(*(column.tolist() for column in columns), strict=True)
    ]


def read(text: str, columns: Columns | None = None) -> Brought:
    return bring(text.encode(), "shop.csv", columns)


def test_a_plain_table_is_sorted_by_customer_and_time() -> None:
    brought = read(
        "customer,time,item,event,quantity\n"
        "ann,2024-01-02 10:00,Tea cup,purchase,2\n"
        "bob,2024-01-01,TEA CUP,view,\n"
        "ann,2024-01-01 09:00,Pot,add_to_cart,1\n"
        "ann,2024-01-03,Tea cup ,refund,1\n"
    )
    assert lines_of(brought) == [
        ("ann", "2024-01-01 09:00:00", "Pot", "cart", 1),
        ("ann", "2024-01-02 10:00:00", "Tea cup", "purchase", 2),
        ("ann", "2024-01-03 00:00:00", "Tea cup", "return", 1),
        ("bob", "2024-01-01 00:00:00", "Tea cup", "view", 1),
    ]
    told = brought.told
    assert (told.lines, told.kept, told.items, told.customers, told.first) == (4, 4, 2, 2, "2024-01-01 00:00:00")
    assert [note.sentence() for note in told.notes] == [
        "Items that are spelled in more than one way, each taken as one under its commonest name: 1; “TEA CUP” is "
        "“Tea cup”, for one."
    ]


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

"""What the categories of the public data sets mean as touchpoints.

Follows the annotation guidelines where they differ from the map that comes with the data:
location, ambience and cleanliness are `place_staff`, a hotel's service is its people.
"""

from __future__ import annotations

BANKING = {
    "account_access": [
        "activate_my_card",
        "age_limit",
        "change_pin",
        "edit_personal_details",
        "passcode_forgotten",
        "pin_blocked",
        "terminate_account",
        "unable_to_verify_identity",
        "verify_my_identity",
        "verify_source_of_funds",
        "why_verify_identity",
    ],
    "delivery": ["card_arrival", "card_delivery_estimate"],
    "payment": [
        "automatic_top_up",
        "balance_not_updated_after_bank_transfer",
        "balance_not_updated_after_cheque_or_cash_deposit",
        "card_not_working",
        "contactless_not_working",
        "declined_card_payment",
        "declined_transfer",
        "direct_debit_payment_not_recognised",
        "failed_transfer",
        "pending_card_payment",
        "pending_top_up",
        "pending_transfer",
        "top_up_failed",
        "top_up_reverted",
        "topping_up_by_card",
        "transaction_charged_twice",
        "transfer_not_received_by_recipient",
        "virtual_card_not_working",
    ],
    "price": [
        "card_payment_fee_charged",
        "cash_withdrawal_charge",
        "exchange_charge",
        "exchange_rate",
        "extra_charge_on_statement",
        "top_up_by_bank_transfer_charge",
        "top_up_by_card_charge",
        "transfer_fee_charged",
    ],
    "returns_refunds": ["Refund_not_showing_up", "request_refund"],
}
"""Touchpoint to the banking77 intents that ask about it; the other intents are not used."""

BANKING_ABSENT = frozenset(
    {"packaging", "place_staff", "product_information", "warranty_aftersales"}
)
"""Touchpoints that a banking question never speaks of."""

ABSA_RENAMED = {
    "ads_promo": "promotion",
    "returns_warranty": "returns_refunds",
    "staff_service": "place_staff",
}
"""The names in the data's own map that the taxonomy has otherwise."""

ABSA_CATEGORIES = {
    ("hotel", "location general"): "place_staff",
    ("hotel", "hotel cleanliness"): "place_staff",
    ("hotel", "rooms cleanliness"): "place_staff",
    ("hotel", "facilities cleanliness"): "place_staff",
    ("hotel", "room_amenities cleanliness"): "place_staff",
    ("restaurant", "ambience general"): "place_staff",
    ("restaurant", "location general"): "place_staff",
    ("phone", "Logistics#Lost and Damaged"): "",
    ("phone", "Logistics#Shipping Fee"): "price",
    ("phone", "Product Quality#Genuine Product"): "trust",
    ("phone", "Seller Service#Shipping"): "delivery",
}
"""Corrections to the data's own map; an empty name leaves the row's touchpoints unlabelled."""

ABSA_COVERED = {
    "phone": frozenset({"delivery", "packaging", "price", "product_quality"}),
    "restaurant": frozenset({"place_staff", "price", "product_quality"}),
    "hotel": frozenset({"place_staff", "price", "product_quality"}),
    "laptop": frozenset({"price", "product_quality"}),
    "food": frozenset({"delivery", "price", "product_quality"}),
}
"""The touchpoints of which a domain's annotators would have noted each mention."""

"""Whom the demo company serves. Numbers and addresses are of the ranges kept for stories."""

from __future__ import annotations

from frontdesk.actions import add_customer
from frontdesk.models import Customer
from officeflow.staff.models import User
from officeflow.text import name_key

# Name, phone (Ofcom's numbers for drama), address.
CUSTOMERS = (
    ("Nora Nordmann", "020 7946 0101", "4 Mill Lane\nLondon SE1 4AA"),
    ("Émile Dubois", "020 7946 0102", "17 Chapel Street\nLondon NW1 5DA"),
    ("Grace Achieng", "07700 900103", "Flat 2, 88 Market Road\nLondon N7 9AB"),
    ("Oliver Whitfield", "020 7946 0104", ""),
    ("Priya Raman", "07700 900105", "31 Orchard Close\nCroydon CR0 1XX"),
    ("Tomáš Dvořák", "07700 900106", "9 Station Parade\nLondon W5 5AA"),
    ("Linh Nguyễn", "020 7946 0107", ""),
    ("Harriet Bell", "020 7946 0108", "The Old School, Church Road\nRichmond TW9 1AA"),
    ("Bell & Daughters Ltd", "020 7946 0109", "Unit 6, Wharf Yard\nLondon E3 2AA"),
    ("Samuel Osei", "07700 900110", ""),
    ("Ingrid Solberg", "07700 900111", "12 Harbour View\nLondon E14 3AA"),
    ("Mateo García", "07700 900112", ""),
    ("Fatima Zahra", "020 7946 0113", "50 Green Lanes\nLondon N16 9AA"),
    ("Jonas Weber", "07700 900114", "3 Alder Walk\nLondon SW11 2AA"),
    ("Kavita Shah", "020 7946 0115", "Shah Pharmacy, 2 High Street\nHarrow HA1 1AA"),
    ("Peter Lindsay", "020 7946 0116", ""),
    ("Amina Juma", "07700 900117", "76 Coldharbour Lane\nLondon SE5 9AA"),
    ("Café Kestrel", "020 7946 0118", "1 Bridge Street\nLondon SE1 9AA"),
    ("Ruth Goldberg", "020 7946 0119", ""),
    ("Yusuf Demir", "07700 900120", "22 Albion Drive\nLondon E8 4AA"),
    ("Charlotte Okonkwo", "07700 900121", "5 Elm Grove\nLondon SE15 5AA"),
    ("Daniel Foster", "020 7946 0122", ""),
    ("Mei-Ling Tan", "07700 900123", "40 Cedar Road\nSutton SM2 5AA"),
    ("St Anne’s Primary School", "020 7946 0124", "School Lane\nLondon E1 4AA"),
    ("Lars Eriksson", "07700 900125", ""),
    ("Beatriz Almeida", "07700 900126", "14 Vine Street\nLondon EC3N 2AA"),
    ("George Hartley", "020 7946 0127", "Rose Cottage, Green End\nEpsom KT17 1AA"),
    ("Zuzana Horáková", "07700 900128", ""),
    ("Wanjiru Kamau", "07700 900129", "63 Bell Lane\nLondon NW4 2AA"),
    ("Hugo Martin", "020 7946 0130", "8 Primrose Mews\nLondon NW1 8AA"),
)


def remember(actor: User) -> list[Customer]:
    """Makes the customers' records; every fourth gave no e-mail."""
    return [
        add_customer(
            actor=actor,
            name=name,
            phone=phone,
            email="" if index % 4 == 3 else f"{_mailbox(name)}@example.org",
            address=address,
        )
        for index, (name, phone, address) in enumerate(CUSTOMERS)
    ]


def _mailbox(name: str) -> str:
    plain = "".join(char if char.isascii() and char.isalpha() else " " for char in name_key(name))
    return ".".join(plain.split())

"""The demo's customers, with phone numbers and addresses that are reserved for fiction."""

from __future__ import annotations

from frontdesk.customers.actions.customers import add_customer
from frontdesk.customers.models import Customer
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

GIVEN_NAMES = (
    "Aisha", "Alban", "Anneli", "Arjun", "Bogdan", "Catrin", "Chiara", "Cyril", "Dilys", "Edwin",
    "Elif", "Ewa", "Farid", "Gwen", "Hamza", "Ida", "Imani", "Isolde", "Jasper", "Joaquín",
    "Katarína", "Kofi", "Leila", "Lúcia", "Magnus", "Meera", "Nadia", "Niamh", "Oscar", "Paloma",
    "Quentin", "Rashid", "Rhys", "Sakura", "Seán", "Tamsin", "Thuỷ", "Ulrike", "Victor", "Zofia",
)  # fmt: skip
FAMILY_NAMES = (
    "Abara", "Ashworth", "Björklund", "Castellano", "Chowdhury", "Davies", "Đặng", "Egede",
    "Fairbairn", "Ferreira", "Gallagher", "Hashimoto", "Ivanova", "Jankowski", "Kaya", "Lachapelle",
    "MacRae", "Mbeki", "Nakamura", "O’Connell", "Öztürk", "Pritchard", "Quayle", "Rahman",
    "Szabó", "Thackeray", "Uddin", "Vasquez", "Wójcik", "Žižka",
)  # fmt: skip
STREETS = (
    "Alma Road", "Beacon Hill", "Canal Walk", "Dove Lane", "Eastgate", "Fountain Court",
    "Gas Street", "Heron Way", "Ivy Terrace", "Juniper Road", "Kiln Yard", "Lock Street",
)  # fmt: skip
# Districts of London; with AA appended they are no real postcodes.
DISTRICTS = ("SE1 4", "SE15 5", "E3 2", "E8 4", "N1 7", "N16 9", "NW1 5", "SW9 8", "W5 5", "W12 7")
CUSTOMER_COUNT = 200


class CustomerList:
    """The customers by index; a record is created at the customer's first visit."""

    def __init__(self, actor: User, count: int = CUSTOMER_COUNT) -> None:
        self.actor, self.count = actor, count
        self.created: dict[int, Customer] = {}

    def get(self, index: int) -> Customer:
        """Returns the customer at an index; creates the record when there is none yet."""
        if index not in self.created:
            name, phone, address = self._details(index)
            # Every fourth customer has no e-mail address.
            email = "" if index % 4 == 3 else f"{_mailbox(name)}@example.org"
            self.created[index] = add_customer(
                actor=self.actor, name=name, phone=phone, email=email, address=address
            )
        return self.created[index]

    def _details(self, index: int) -> tuple[str, str, str]:
        if index < len(CUSTOMERS):
            return CUSTOMERS[index]
        # 40 and 30 have common factors; one more step in each round makes every pair unique.
        given = GIVEN_NAMES[index % len(GIVEN_NAMES)]
        family = FAMILY_NAMES[(index + index // len(GIVEN_NAMES)) % len(FAMILY_NAMES)]
        is_mobile = index % 3 != 0
        phone = f"07700 900{index:03d}" if is_mobile else f"020 7946 0{index + 100:03d}"
        if index % 5 == 4:
            return f"{given} {family}", phone, ""
        street, district = STREETS[index % len(STREETS)], DISTRICTS[index % len(DISTRICTS)]
        return f"{given} {family}", phone, f"{index % 90 + 1} {street}\nLondon {district}AA"


def _mailbox(name: str) -> str:
    plain = "".join(char if char.isascii() and char.isalpha() else " " for char in name_key(name))
    return ".".join(plain.split())

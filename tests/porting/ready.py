"""Numbers and a bill that VoiceTel takes, by the carrier that the sandbox names for them."""

COMCAST = NUMBERS = ("2125550142", "2125550143")
VERIZON = ("2125550102", "2125550108")
UNKNOWN = ("2125550101", "2125550104")
TOLL_FREE = "8885550123"
UNPORTABLE = "2125550200"
REJECTED = "2125551299"
BILL = {
    "name": "Harbor Dental LLC",
    "name_type": "business",
    "authorized_by": "Ruth Okafor",
    "street": "412 N Lakeside Ave",
    "unit": "Fl 2",
    "city": "Orange",
    "state": "NJ",
    "zip": "07050",
    "account_number": "7745-2210-0093",
    "billing_number": "2125550142",
    "due": "",
}

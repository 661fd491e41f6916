"""Writes N statements made of those of a file, on days over a year and a half: python many.py STATEMENTS.jsonl N > many.jsonl"""

import datetime
import json
import random
import sys

random.seed(1)
with open(sys.argv[1], encoding="utf-8") as file:
    known = [json.loads(line) for line in file]
for number in range(int(sys.argv[2])):
    statement = dict(random.choice(known))
    statement["id"] = f"{number:016x}"
    statement["doc"] = f"{number // 10}.txt"
    statement["quote"] += f" {number}"
    statement["stance"] = random.choice([-2, -1, 0, 1, 2])
    statement["stated_on"] = str(datetime.date(2024, 1, 1) + datetime.timedelta(days=random.randrange(500)))
    print(json.dumps(statement))

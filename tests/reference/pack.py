"""Packs the data sets that are too large to be written out: python pack.py PENGUINS_CSV (needs scikit-learn; penguins.csv of the package
palmerpenguins). Writes src/dataset/packed/*.bin, which src/dataset/unpack.rs reads.

An adaptive binary range coder: numbers go bit by bit from the highest, each bit with a probability that depends on the context and the
higher bits and is the mean of a quick and a slow estimate; the lowest bits of long numbers go plain.
"""
import csv
import pathlib
import sys

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits

out = pathlib.Path(__file__).parents[2] / "src/dataset/packed"


class Encoder:
    def __init__(self):
        self.low, self.range, self.shifts, self.estimates = 0, 2**32 - 1, 0, {}

    def shift(self):
        while self.range < 2**24:
            self.low, self.range, self.shifts = self.low << 8, self.range << 8, self.shifts + 1

    def bit(self, context, bit):
        e = self.estimates.setdefault(context, [2048, 2048])
        bound = (self.range >> 12) * ((e[0] + e[1]) >> 1)
        if bit:
            self.low, self.range = self.low + bound, self.range - bound
        else:
            self.range = bound
        for i, rate in enumerate((4, 7)):
            e[i] = e[i] - (e[i] >> rate) if bit else e[i] + ((4096 - e[i]) >> rate)
        self.shift()

    def number(self, context, value, modelled, plain):
        assert 0 <= value < 1 << (modelled + plain), value
        node = 1
        for i in reversed(range(plain, modelled + plain)):
            bit = value >> i & 1
            self.bit((context, node), bit)
            node = 2 * node + bit
        for i in reversed(range(plain)):
            self.range >>= 1
            if value >> i & 1:
                self.low += self.range
            self.shift()

    def write(self, name):
        data = self.low.to_bytes(self.shifts + 4, "big")
        (out / name).write_bytes(data)
        print(name, len(data))


# Digits: the class, then each pixel by its left and upper neighbour, coarsely, and its column.
coarse = [0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5]
digits, e = load_digits(), Encoder()
for image, label in zip(digits.images.astype(int), digits.target):
    e.number(0, int(label), 4, 0)
    for i in range(8):
        for j in range(8):
            left, up = (image[i][j - 1] if j else 0), (image[i - 1][j] if i else 0)
            e.number(1 + (coarse[left] * 6 + coarse[up]) * 8 + j, int(image[i][j]), 5, 0)
e.write("digits.bin")

# Breast cancer: the class, then of every measurement the power of ten and four digits.
cancer, e = load_breast_cancer(), Encoder()
for row, label in zip(cancer.data, cancer.target):
    e.number(0, int(label), 1, 0)
    for f, value in enumerate(row):
        mantissa, exponent = f"{value:.3e}".split("e") if value else ("0.000", "-5")
        whole, power = int(mantissa.replace(".", "")), int(exponent) + 5
        assert (whole / 10 ** (8 - power) if power < 8 else whole * 10 ** (power - 8)) == value
        e.number(1 + f, power, 4, 0)
        e.number(31 + f * 16 + power, whole, 5, 9)
e.write("cancer.bin")

# Penguins: species, island, sex, then four measurements, 0 where one is missing.
e = Encoder()
with open(sys.argv[1], newline="") as file:
    for row in csv.DictReader(file):
        e.number(0, ["Adelie", "Chinstrap", "Gentoo"].index(row["species"]), 2, 0)
        e.number(1, ["Biscoe", "Dream", "Torgersen"].index(row["island"]), 2, 0)
        e.number(2, ["NA", "female", "male"].index(row["sex"]), 2, 0)
        for f, (name, unit) in enumerate([("bill_length_mm", 0.1), ("bill_depth_mm", 0.1), ("flipper_length_mm", 1), ("body_mass_g", 25)]):
            value = 0 if row[name] == "NA" else round(float(row[name]) / unit)
            assert value == 0 or abs(value * unit - float(row[name])) < 1e-9
            e.number(3 + f, value, 6, 4)
e.write("penguins.bin")

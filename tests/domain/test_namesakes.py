"""Two who are called alike are told apart."""

from vioP.domain.namesakes import told_apart


def test_an_identifier_stands_only_where_a_name_is_not_enough():
    names = {"k1": "Kim K.", "k2": "Kim K.", "c1": "Doctor C1"}

    assert told_apart(names) == {"k1": "Kim K., k1", "k2": "Kim K., k2", "c1": "Doctor C1"}

"""Values are numbered by what they are, in the order in which they are met."""

from playground.kube.apiserver.distinct import Distinct


def test_equal_values_have_one_number_and_stand_once_in_the_list() -> None:
    found = Distinct(tuple)
    one, other = [1, 2], [1, 2]
    assert [found.number(each) for each in (one, [3], other, one)] == [0, 1, 0, 0]
    assert found.listed == [[1, 2], [3]]

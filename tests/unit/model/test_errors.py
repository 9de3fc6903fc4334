from bam.model.errors import BamError


def test_an_error_is_one_line_with_place_and_remedy():
    error = BamError("the key\nis missing", where="sources.yml, key url", remedy="Add it.")
    assert str(error) == "sources.yml, key url: the key is missing. Add it."


def test_place_and_remedy_can_be_left_out():
    assert str(BamError("nothing to do")) == "nothing to do"

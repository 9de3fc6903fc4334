import subprocess
import sys

from bam.model.identity import content_id, sha256_hex


def test_the_order_of_keys_does_not_matter():
    assert content_id("x", {"a": 1, "b": [2]}) == content_id("x", {"b": [2], "a": 1})


def test_parts_do_not_run_into_each_other():
    assert content_id("x", "ab", "c") != content_id("x", "a", "bc")


def test_another_process_gives_the_same_id():
    code = "from bam.model.identity import content_id; print(content_id('doc', 'é', 1.5, None))"

    def printed(seed):
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout

    assert {printed("1"), printed("2")} == {content_id("doc", "é", 1.5, None) + "\n"}


def test_sha256_is_the_standard_one():
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

"""JUnit and Code Quality as their consumers read them: a reader, a schema of Jenkins, one of GitLab's documentation.

`JUNIT_SCHEMA` names Jenkins's junit-10.xsd, which the source archive of pytest on PyPI carries.
"""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree
from report_samples import SAMPLES, reports

from ocspolicy.finding import Report
from ocspolicy.report import render

JUNIT_SCHEMA = os.environ.get("JUNIT_SCHEMA")
CODE_QUALITY = json.loads((Path(__file__).parent / "gitlab-code-quality.schema.json").read_text("utf-8"))
# What GitLab and others read besides, and Jenkins passes over.
BESIDES = {("testsuites", "skipped"), ("testcase", "file"), ("testcase", "line")}


@settings(deadline=None, max_examples=50)
@given(reports)
def test_a_reader_of_junit_counts_what_the_report_says(any_report: Report) -> None:
    read = JUnitXml.fromstring(render(any_report, "junit").encode())
    said = (read.tests, read.failures, read.errors, read.skipped)
    results = [result for suite in read for case in suite for result in case.result]
    assert said[1:] == tuple(sum(isinstance(it, kind) for it in results) for kind in (Failure, Error, Skipped))
    read.update_statistics()
    assert (read.tests, read.failures, read.errors, read.skipped) == said


@pytest.mark.skipif(JUNIT_SCHEMA is None, reason="$JUNIT_SCHEMA does not name junit-10.xsd")
@settings(deadline=None, max_examples=50)
@given(reports)
def test_the_schema_of_jenkins_holds(any_report: Report) -> None:
    schema = etree.XMLSchema(etree.parse(str(JUNIT_SCHEMA)))
    document = etree.fromstring(render(any_report, "junit").encode())
    for element in document.iter():
        for name in [it for it in element.attrib if (element.tag, it) in BESIDES]:
            del element.attrib[name]
    assert schema.validate(document), schema.error_log


@settings(deadline=None, max_examples=50)
@given(reports)
def test_what_gitlab_documents_holds(any_report: Report) -> None:
    text = render(any_report, "gitlab")
    assert not text.startswith("\ufeff")
    items = json.loads(text)
    Draft202012Validator(CODE_QUALITY).validate(items)
    assert len({it["fingerprint"] for it in items}) == len(items)


@pytest.mark.parametrize("sample", SAMPLES)
def test_code_quality_is_empty_only_when_clean(sample: str) -> None:
    clean = not SAMPLES[sample].findings and not SAMPLES[sample].problems
    assert (json.loads(render(SAMPLES[sample], "gitlab")) == []) is clean

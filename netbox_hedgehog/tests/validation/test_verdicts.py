"""Manifests are judged as the fabric's own admission code judges them, fault by fault and sample by sample."""

import json

import pytest

from netbox_hedgehog.catalog import FabricSettings, Severity
from netbox_hedgehog.manifests import parse
from netbox_hedgehog.tests.catalog.reference_data import REFERENCE, needs_reference
from netbox_hedgehog.validation import judge_files
from netbox_hedgehog.validation.files import read_manifests

from .faults import FAULTS, LENIENCE

pytestmark = needs_reference


def entries(folder):
    path = REFERENCE / folder / 'verdicts.json'
    return json.loads(path.read_text()) if path.is_file() else []


VERDICTS = {verdict['file']: verdict for verdict in entries('verdicts')}
SAMPLES = {sample['fabric']: sample for sample in entries('samples')}
# Blank day-0 fields count as filled in the samples, and missing default namespaces as present.
DAY_0 = FabricSettings(is_installed=False)


def judged(file):
    path = REFERENCE / 'verdicts' / file
    return judge_files([parse(file, path.read_bytes())], FabricSettings())


def name_of(verdict):
    return f'{verdict.kind or "(none)"}/{verdict.name or "(none)"}'


def found(verdicts, name, severity=Severity.ERROR):
    """Return rule and path of the problems of one object."""
    return {
        (finding.problem.rule, finding.problem.path)
        for verdict in verdicts
        if name_of(verdict) == name
        for finding in verdict.findings
        if finding.problem.severity is severity
    }


@pytest.mark.parametrize('verdict', VERDICTS.values(), ids=VERDICTS)
def test_exactly_what_the_fabric_rejects_is_rejected(verdict):
    rejected = {name_of(judged) for judged in judged(verdict['file']) if not judged.is_valid}
    culprits = {verdict['object']} if verdict['expected'] == 'invalid' else set()
    assert culprits <= rejected <= culprits | set(verdict.get('also_rejected', ()))


@pytest.mark.parametrize(('file', 'fault'), FAULTS.items(), ids=FAULTS)
def test_the_fault_is_found_where_it_was_planted(file, fault):
    assert fault in found(judged(file), VERDICTS[file]['object'])


@pytest.mark.parametrize(('file', 'fault'), LENIENCE.items(), ids=LENIENCE)
def test_what_the_fabric_accepts_by_accident_is_worth_a_warning(file, fault):
    assert fault in found(judged(file), VERDICTS[file]['object'], Severity.WARNING)


def test_every_planted_fault_has_a_place():
    assert FAULTS.keys() == {file for file, verdict in VERDICTS.items() if verdict['expected'] == 'invalid'}
    assert LENIENCE.keys() == {file for file, verdict in VERDICTS.items() if verdict.get('lenient')}


def test_a_valid_fabric_has_no_problem_at_all():
    assert [verdict.findings for verdict in judged('00-valid-baseline.yaml') if verdict.findings] == []


@pytest.mark.parametrize('sample', SAMPLES.values(), ids=SAMPLES)
def test_a_sample_is_judged_as_the_fabric_judges_it(sample):
    files = tuple(read_manifests([str(REFERENCE / 'samples' / sample['fabric'])], lambda _: None))
    verdicts = judge_files(files, DAY_0)
    assert len(files) == sample.get('files', 1)
    assert len(verdicts) == sample['documents']
    rejected = sorted(
        (name_of(verdict), verdict.source.partition('/samples/')[2]) for verdict in verdicts if not verdict.is_valid
    )
    expected = sorted((entry['object'], entry.get('file', sample['fabric'])) for entry in sample.get('rejected', ()))
    assert rejected == expected

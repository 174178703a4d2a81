"""The rules of the ACL for what comes in from an external: the admission code of ExternalAttachment.inboundACL."""

from collections.abc import Iterator
from itertools import pairwise

from ..addresses import parse_prefix
from ..design import Entry
from ..paths import Path
from ..problems import Problem, Severity
from ..vpc import FIRST_STATEMENT, ACLStatement, ExternalAttachmentSpec, TCPFilters
from .rule import Rule, Scope

__all__ = ('RULES', 'check')

SEQ_RESERVED = Rule(
    'external-attachment-acl-seq-reserved',
    'A statement of an ACL has the number 10 or a higher one, because the fabric itself uses those below.',
    Scope.RESOURCE,
)
SEQ_TAKEN = Rule(
    'external-attachment-acl-seq-taken', 'No two statements of an ACL have the same number.', Scope.RESOURCE
)
ACTION = Rule(
    'external-attachment-acl-action', 'The action of a statement is permit, deny, discard or transit.', Scope.RESOURCE
)
PROTOCOL = Rule(
    'external-attachment-acl-protocol', 'The protocol of a statement is ip, tcp, udp or icmp.', Scope.RESOURCE
)
PREFIX = Rule(
    'external-attachment-acl-prefix', 'Source and destination of a statement are prefixes, or any.', Scope.RESOURCE
)
PREFIX_NOT_IPV4 = Rule(
    'external-attachment-acl-not-ipv4',
    'Source and destination of a statement are IPv4 prefixes.',
    Scope.RESOURCE,
    Severity.WARNING,
)
PORTS_PROTOCOL = Rule(
    'external-attachment-acl-ports-protocol', 'Only statements for tcp and udp have ports.', Scope.RESOURCE
)
PORT_RANGE = Rule(
    'external-attachment-acl-port-range',
    'A range of ports begins at 1 or later, and does not end before that.',
    Scope.RESOURCE,
)
FLAGS_PROTOCOL = Rule(
    'external-attachment-acl-flags-protocol', 'Only statements for tcp have tcpFilters.', Scope.RESOURCE
)
ESTABLISHED = Rule(
    'external-attachment-acl-established', 'The filter established excludes all other TCP flags.', Scope.RESOURCE
)
CONTRADICTION = Rule(
    'external-attachment-acl-contradiction', 'No TCP flag is set together with its negation.', Scope.RESOURCE
)
ICMP_PROTOCOL = Rule(
    'external-attachment-acl-icmp-protocol', 'Only statements for icmp have icmpType and icmpCode.', Scope.RESOURCE
)

RULES = (
    SEQ_RESERVED,
    SEQ_TAKEN,
    ACTION,
    PROTOCOL,
    PREFIX,
    PREFIX_NOT_IPV4,
    PORTS_PROTOCOL,
    PORT_RANGE,
    FLAGS_PROTOCOL,
    ESTABLISHED,
    CONTRADICTION,
    ICMP_PROTOCOL,
)

_ACTIONS = ('permit', 'deny', 'discard', 'transit')
_PROTOCOLS = ('ip', 'tcp', 'udp', 'icmp')
_ANY = 'any'
_FLAGS = ('fin', 'syn', 'rst', 'psh', 'ack', 'urg')


def check(entry: Entry[ExternalAttachmentSpec]) -> Iterator[Problem]:
    """Check the statements of the inbound ACL."""
    acl = entry.spec.inboundACL
    statements = acl.statements or [] if acl else []
    yield from _check_numbers(statements)
    for position, statement in enumerate(statements):
        path: Path = ('spec', 'inboundACL', 'statements', position)
        yield from _check_choices(path, statement)
        yield from _check_prefixes(path, statement)
        # What depends on the protocol follows from it being missing or unknown.
        if statement.protocol in _PROTOCOLS and not entry.is_faulty((*path, 'protocol')):
            yield from _check_protocol(path, statement)


def _check_numbers(statements: list[ACLStatement]) -> Iterator[Problem]:
    by_number = sorted((statement.seq, position) for position, statement in enumerate(statements))
    for seq, position in by_number:
        if seq < FIRST_STATEMENT:
            message = f'The fabric keeps the numbers below {FIRST_STATEMENT}; write {FIRST_STATEMENT} or more.'
            yield SEQ_RESERVED.at(('spec', 'inboundACL', 'statements', position, 'seq'), message)
    for (before, first), (seq, position) in pairwise(by_number):
        if before == seq >= FIRST_STATEMENT:
            message = f'Statement {first + 1} of the list has the number {seq}, too; write another.'
            yield SEQ_TAKEN.at(('spec', 'inboundACL', 'statements', position, 'seq'), message)


def _check_choices(path: Path, statement: ACLStatement) -> Iterator[Problem]:
    if statement.action not in _ACTIONS:
        yield ACTION.at((*path, 'action'), 'Not an action; write permit, deny, discard or transit.')
    if statement.protocol not in _PROTOCOLS:
        yield PROTOCOL.at((*path, 'protocol'), 'Not a protocol; write ip, tcp, udp or icmp.')


def _check_prefixes(path: Path, statement: ACLStatement) -> Iterator[Problem]:
    for field, text in (('srcPrefix', statement.srcPrefix), ('dstPrefix', statement.dstPrefix)):
        if text == _ANY:
            continue
        prefix = parse_prefix(text)
        if prefix is None:
            yield PREFIX.at((*path, field), 'Not a prefix; write one such as 10.0.0.0/8, or any.')
        elif prefix.family != 4:
            yield PREFIX_NOT_IPV4.at((*path, field), 'The ACL matches IPv4 only; write a prefix such as 10.0.0.0/8.')


def _check_protocol(path: Path, statement: ACLStatement) -> Iterator[Problem]:
    yield from _check_ports(path, statement)
    if statement.tcpFilters is not None:
        if statement.protocol != 'tcp':
            message = f'Not with protocol {statement.protocol}; leave this out, or write tcp.'
            yield FLAGS_PROTOCOL.at((*path, 'tcpFilters'), message)
        yield from _check_flags((*path, 'tcpFilters'), statement.tcpFilters)
    for field, value in (('icmpType', statement.icmpType), ('icmpCode', statement.icmpCode)):
        if value is not None and statement.protocol != 'icmp':
            message = f'Not with protocol {statement.protocol}; leave this out, or write icmp.'
            yield ICMP_PROTOCOL.at((*path, field), message)


def _check_ports(path: Path, statement: ACLStatement) -> Iterator[Problem]:
    begin, end = statement.portRangeBegin or 0, statement.portRangeEnd or 0
    if not begin and not end:
        return
    if statement.protocol not in ('tcp', 'udp'):
        message = f'Not with protocol {statement.protocol}; leave this out, or write tcp or udp.'
        yield PORTS_PROTOCOL.at((*path, 'portRangeBegin' if begin else 'portRangeEnd'), message)
    elif not begin:
        yield PORT_RANGE.at((*path, 'portRangeBegin'), f'Missing; write a port from 1 to {end}.')
    elif not end:
        yield PORT_RANGE.at((*path, 'portRangeEnd'), f'Missing; write {begin}, or a later port.')
    elif begin > end:
        yield PORT_RANGE.at((*path, 'portRangeEnd'), f'Before the first port; write {begin} or more.')


def _check_flags(path: Path, filters: TCPFilters) -> Iterator[Problem]:
    wanted = {flag for flag in _FLAGS if getattr(filters, flag)}
    unwanted = {flag for flag in _FLAGS if getattr(filters, f'not{flag.capitalize()}')}
    if filters.established and (wanted or unwanted):
        yield ESTABLISHED.at(
            (*path, 'established'), 'Not together with other flags; leave this out, or leave them out.'
        )
    for flag in sorted(wanted & unwanted):
        negation = f'not{flag.capitalize()}'
        yield CONTRADICTION.at((*path, negation), f'Contradicts {flag}, which is set, too; leave one of them out.')

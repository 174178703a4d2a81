"""Panels of detail pages, built on NetBox's own."""

from typing import Any
from urllib.parse import urlencode

from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from netbox.ui import attrs, panels
from netbox.ui.actions import CopyContent

from ..catalog import Kind
from ..models import HedgehogFabric, PendingChange, Resource, SyncState, model_for
from .attrs import CommitAttr, LinkAttr, PathAttr, ServerKindAttr, SpecAttr

__all__ = (
    'BudgetPanel',
    'CodePanel',
    'ConditionPanel',
    'ConflictsPanel',
    'CredentialPanel',
    'FabricGitPanel',
    'FabricPanel',
    'FabricSettingsPanel',
    'FabricStatePanel',
    'GitPanel',
    'MapPanel',
    'OptionalTablePanel',
    'PendingChangePanel',
    'PlanPanel',
    'ProposalPanel',
    'RepositoryPanel',
    'SyncRunPanel',
    'WebhookPanel',
    'resource_panel',
    'runs_url',
)


def runs_url(fabric_id: int, **parameters: Any) -> str:
    """Return the address of the list of a fabric's runs, filtered."""
    return f'{reverse("plugins:netbox_hedgehog:syncrun_list")}?{urlencode({"fabric_id": fabric_id, **parameters})}'


def resource_panel(kind: Kind) -> panels.ObjectAttributesPanel:
    """Return the panel that shows what a resource is, with the columns of its kind."""
    attributes: dict[str, Any] = {
        'fabric': attrs.RelatedObjectAttr('fabric', linkify=True, label=_('Fabric')),
        'namespace': attrs.TextAttr('namespace', label=_('Namespace')),
        'name': attrs.TextAttr('name', label=_('Name')),
        'description': attrs.TextAttr('description', label=_('Description')),
        **{f'spec_{column.key}': SpecAttr(column) for column in kind.columns},
    }
    panel = type(panels.ObjectAttributesPanel)(f'{kind.name}Panel', (panels.ObjectAttributesPanel,), attributes)
    return panel()


def _runs_of(state: SyncState) -> tuple[str, str]:
    return runs_url(state.fabric_id, resource=str(state.identity)), _('Runs that changed this resource')


class GitPanel(panels.ObjectAttributesPanel):
    """How a resource stands to its manifest; the view puts the record into the context."""

    accessor = 'sync_state'
    title = _('Git')

    status = attrs.ChoiceAttr('status', label=_('Status'))
    reason = attrs.TextAttr('reason', label=_('Reason'))
    since = attrs.DateTimeAttr('since', label=_('Since'))
    path = PathAttr('path', label=_('Path'))
    commit = CommitAttr('commit', label=_('Commit'))
    runs = LinkAttr(_runs_of, label=_('Runs'))


class MapPanel(panels.ObjectPanel):
    """Labels or annotations: a line for each."""

    template_name = 'ui/panels/object_attributes.html'

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field_name = field_name

    def get_context(self, context: Context) -> dict[str, Any]:
        """Show keys and values as NetBox shows attributes."""
        prepared = super().get_context(context)
        entries = getattr(prepared['object'], self.field_name) or {}
        return {**prepared, 'attrs': [{'label': key, 'value': entries[key]} for key in sorted(entries)]}

    def should_render(self, context: dict[str, Any]) -> bool:
        """Show nothing where there is nothing."""
        return bool(context['attrs'])


class CodePanel(panels.Panel):
    """A text as it stands, with a button that copies it; the view puts it into the context under `name`.

    It puts there, too, what to say if there is no text, and what is to be known about it before it is read.
    """

    template_name = 'netbox_hedgehog/panels/code.html'

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name = name
        self.actions.append(CopyContent(f'panel_{name}'))

    def get_context(self, context: Context) -> dict[str, Any]:
        """Fetch the text, and what there is to say about it."""
        return {
            **super().get_context(context),
            'name': self.name,
            'text': context.get(self.name),
            'placeholder': context.get(f'{self.name}_placeholder'),
            'note': context.get(f'{self.name}_note'),
        }


class OptionalTablePanel(panels.ContextTablePanel):
    """A table that is shown only if it has rows."""

    def should_render(self, context: dict[str, Any]) -> bool:
        """Show nothing where there is nothing."""
        return context.get('table') is not None and bool(context['table'].rows)


class ConflictsPanel(panels.Panel):
    """Fields that were changed on both sides, with what settles each."""

    template_name = 'netbox_hedgehog/panels/conflicts.html'
    title = _('Conflicts')

    def get_context(self, context: Context) -> dict[str, Any]:
        """Fetch the rows, which the view has prepared."""
        return {**super().get_context(context), **(context.get('conflicts') or {'rows': ()})}

    def should_render(self, context: dict[str, Any]) -> bool:
        """Show nothing where there is nothing."""
        return bool(context['rows'])


class PlanPanel(panels.TemplatePanel):
    """What a pass would do, in a sentence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('netbox_hedgehog/panels/plan.html', **kwargs)


class ConditionPanel(panels.TemplatePanel):
    """How a fabric stands, in a sentence, and how many of its resources stand how."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('netbox_hedgehog/panels/condition.html', **kwargs)


class BudgetPanel(panels.TemplatePanel):
    """What is left of GitHub's limits, and when what waits will be in Git."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('netbox_hedgehog/panels/budget.html', **kwargs)

    def should_render(self, context: dict[str, Any]) -> bool:
        """Show nothing where no budget limits the fabric."""
        return context.get('outlook') is not None


class ProposalPanel(panels.TemplatePanel):
    """The pull request of a fabric, and what can be decided about it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('netbox_hedgehog/panels/proposal.html', **kwargs)

    def should_render(self, context: dict[str, Any]) -> bool:
        """Show nothing where there is no request, and no rule that asks for one."""
        proposal = context.get('proposal')
        return proposal is not None and (proposal.exists or bool(proposal.because))


class CredentialPanel(panels.ObjectAttributesPanel):
    """What a Git credential is; of its secret, only whether there is one."""

    name = attrs.TextAttr('name', label=_('Name'))
    type = attrs.ChoiceAttr('type', label=_('Type'))
    host = attrs.TextAttr('host', label=_('Server'), style='font-monospace')
    has_secret = attrs.BooleanAttr('has_secret', label=_('Secret stored'))
    username = attrs.TextAttr('username', label=_('User name'))
    app_id = attrs.TextAttr('app_id', label=_('App ID'))
    installation_id = attrs.TextAttr('installation_id', label=_('Installation ID'))
    reference = attrs.TextAttr('reference', label=_('Reference'), style='font-monospace')
    description = attrs.TextAttr('description', label=_('Description'))


class RepositoryPanel(panels.ObjectAttributesPanel):
    """What a Git repository is."""

    name = attrs.TextAttr('name', label=_('Name'))
    url = attrs.TextAttr('url', label=_('URL'), style='font-monospace', copy_button=True)
    default_branch = attrs.TextAttr('default_branch', label=_('Default branch'))
    forge = ServerKindAttr(label=_('Kind of server'))
    credential = attrs.RelatedObjectAttr('credential', linkify=True, label=_('Credential'))
    description = attrs.TextAttr('description', label=_('Description'))


class WebhookPanel(panels.TemplatePanel):
    """Whether the server calls us, and what makes it do so."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('netbox_hedgehog/panels/webhook.html', **kwargs)


class FabricPanel(panels.ObjectAttributesPanel):
    """What a fabric is, and its policies."""

    name = attrs.TextAttr('name', label=_('Name'))
    description = attrs.TextAttr('description', label=_('Description'))
    mode = attrs.ChoiceAttr('mode', label=_('Mode'))
    commit_window = attrs.TextAttr('commit_window_seconds', label=_('Commit window'), format_string='{} s')
    write_method = attrs.ChoiceAttr('write_method', label=_('Way of writing'))
    reviewers = attrs.TextAttr('reviewers', label=_('Reviewers'))
    authorship = attrs.ChoiceAttr('authorship', label=_('Authorship'))
    deletion_limit = attrs.TextAttr('deletion_limit', label=_('Deletion limit'))
    deletion_percent = attrs.TextAttr('deletion_percent', label=_('Deletion share'), format_string='{} %')


class FabricGitPanel(panels.ObjectAttributesPanel):
    """Where the manifests of a fabric are."""

    title = _('Git')

    repository = attrs.RelatedObjectAttr('repository', linkify=True, label=_('Repository'))
    url = attrs.TextAttr('repository.url', label=_('URL'), style='font-monospace')
    branch = attrs.TextAttr('branch', label=_('Branch'))
    directory = attrs.TextAttr('directory', label=_('Directory'), style='font-monospace', copy_button=True)


_ALWAYS_SHOWN = frozenset({'release', 'is_installed', 'is_draft'})


def _is_usual(fabric: HedgehogFabric, name: str) -> bool:
    return name not in _ALWAYS_SHOWN and getattr(fabric, name) == fabric._meta.get_field(name).get_default()


class FabricSettingsPanel(panels.ObjectAttributesPanel):
    """The settings of a fabric that its rules depend on; those that are as upstream installs them are folded away."""

    template_name = 'netbox_hedgehog/panels/settings.html'
    title = _('Validation settings')

    release = attrs.ChoiceAttr('release', label=_('Hedgehog release'))
    is_installed = attrs.BooleanAttr('is_installed', label=_('Installed'))
    is_draft = attrs.BooleanAttr('is_draft', label=_('Design under way'))
    reserved_subnets = attrs.ArrayAttr('reserved_subnets', label=_('Reserved subnets'), style='font-monospace')
    management_subnet = attrs.TextAttr('management_subnet', label=_('Management subnet'), style='font-monospace')
    management_dhcp_start = attrs.TextAttr(
        'management_dhcp_start', label=_('Start of management DHCP'), style='font-monospace'
    )
    management_dhcp_end = attrs.TextAttr(
        'management_dhcp_end', label=_('End of management DHCP'), style='font-monospace'
    )
    control_vip = attrs.TextAttr('control_vip', label=_('Control VIP'), style='font-monospace')
    protocol_subnet = attrs.TextAttr('protocol_subnet', label=_('Protocol subnet'), style='font-monospace')
    vtep_subnet = attrs.TextAttr('vtep_subnet', label=_('VTEP subnet'), style='font-monospace')
    fabric_subnet = attrs.TextAttr('fabric_subnet', label=_('Fabric subnet'), style='font-monospace')
    vpc_irb_vlan_ranges = attrs.ArrayAttr('vpc_irb_vlan_ranges', label=_('VLANs of VPC interfaces'))
    th5_workaround_vlan_ranges = attrs.ArrayAttr('th5_workaround_vlan_ranges', label=_('VLANs of the TH5 workaround'))
    spine_asn = attrs.TextAttr('spine_asn', label=_('ASN of spines'))
    leaf_asn_start = attrs.TextAttr('leaf_asn_start', label=_('First ASN of leaves'))
    leaf_asn_end = attrs.TextAttr('leaf_asn_end', label=_('Last ASN of leaves'))
    gateway_asn = attrs.TextAttr('gateway_asn', label=_('ASN of gateways'))
    fabric_mtu = attrs.TextAttr('fabric_mtu', label=_('Fabric MTU'))
    server_facing_mtu_offset = attrs.TextAttr('server_facing_mtu_offset', label=_('Server-facing MTU offset'))
    gateway_communities = attrs.ArrayAttr('gateway_communities', label=_('Gateway communities'))
    enable_gateway = attrs.BooleanAttr('enable_gateway', label=_('Gateways enabled'))
    vpc_peering_disabled = attrs.BooleanAttr('vpc_peering_disabled', label=_('VPC peering disabled'))
    allow_extra_switch_profiles = attrs.BooleanAttr(
        'allow_extra_switch_profiles', label=_('Extra switch profiles allowed')
    )
    include_sonic_cls_plus = attrs.BooleanAttr('include_sonic_cls_plus', label=_('SONiC CLS+ profiles'))
    include_cumulus = attrs.BooleanAttr('include_cumulus', label=_('Cumulus profiles'))

    def get_context(self, context: Context) -> dict[str, Any]:
        """Part the settings that differ from upstream's, and the three that say what is judged, from the others."""
        prepared = super().get_context(context)
        fabric = prepared['object']
        usual = [_is_usual(fabric, name) for name in self._attrs]
        shown = list(zip(prepared['attrs'], usual, strict=True))
        return {
            **prepared,
            'attrs': [attr for attr, is_usual in shown if not is_usual],
            'usual': [attr for attr, is_usual in shown if is_usual],
            'may_change': context['request'].user.has_perm('netbox_hedgehog.change_hedgehogfabric', fabric),
        }


class FabricStatePanel(panels.ObjectAttributesPanel):
    """How the repository answered last."""

    accessor = 'state'
    title = _('Connection')

    connection = attrs.ChoiceAttr('connection', label=_('Status'))
    error = attrs.TextAttr('error', label=_('Error'))
    error_since = attrs.DateTimeAttr('error_since', label=_('Since'))
    retry_at = attrs.DateTimeAttr('retry_at', label=_('Next attempt'))
    commit = CommitAttr('commit', label=_('Compared at'))
    compared_at = attrs.DateTimeAttr('compared_at', label=_('Since'))
    verified_at = attrs.DateTimeAttr('verified_at', label=_('Last complete comparison'))


class SyncRunPanel(panels.ObjectAttributesPanel):
    """What a pass was."""

    fabric = attrs.RelatedObjectAttr('fabric', linkify=True, label=_('Fabric'))
    status = attrs.ChoiceAttr('status', label=_('Status'))
    error = attrs.TextAttr('error', label=_('Error'))
    trigger = attrs.ChoiceAttr('trigger', label=_('Trigger'))
    user = attrs.TextAttr('user', label=_('User'))
    started = attrs.DateTimeAttr('started', label=_('Started'))
    completed = attrs.DateTimeAttr('completed', label=_('Completed'))
    duration = attrs.TextAttr('duration_seconds', label=_('Duration'), format_string='{:.1f} s')
    commit_before = CommitAttr('commit_before', label=_('Commit before'))
    commit_after = CommitAttr('commit_after', label=_('Commit after'))
    requests = attrs.TextAttr('requests', label=_('API requests'))
    batch = attrs.TextAttr('batch', label=_('Batch'), style='font-monospace')


def _resource_of(change: PendingChange) -> tuple[str, str] | None:
    resource = _row_of(change)
    return (resource.get_absolute_url(), str(resource)) if resource else None


def _row_of(change: PendingChange) -> Resource | None:
    rows = model_for(change.kind).objects.filter(fabric=change.fabric_id, namespace=change.namespace, name=change.name)
    return rows.first()


def _changes_of(change: PendingChange) -> tuple[str, str] | None:
    if not change.request_id:
        return None
    return f'{reverse("core:objectchange_list")}?request_id={change.request_id}', str(change.request_id)


class PendingChangePanel(panels.ObjectAttributesPanel):
    """What waits for its commit."""

    fabric = attrs.RelatedObjectAttr('fabric', linkify=True, label=_('Fabric'))
    action = attrs.ChoiceAttr('action', label=_('Action'))
    kind = attrs.TextAttr('kind', label=_('Kind'))
    namespace = attrs.TextAttr('namespace', label=_('Namespace'))
    name = attrs.TextAttr('name', label=_('Name'))
    resource = LinkAttr(_resource_of, label=_('Resource'))
    user_name = attrs.TextAttr('user_name', label=_('User'))
    message = attrs.TextAttr('message', label=_('Message'))
    created = attrs.DateTimeAttr('created', label=_('Created'))
    request = LinkAttr(_changes_of, label=_('Request'))

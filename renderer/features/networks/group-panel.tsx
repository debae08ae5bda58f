import { Button, Skeleton } from '@mantine/core';
import { IconCopyPlus, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkRules, type SecurityGroupView, type SecurityRule } from '../../../shared/model/security-rules';
import { api } from '../../api';
import { CopyButton } from '../../ui/copy-button';
import { ErrorPanel } from '../../ui/error-panel';
import { regionName } from '../../ui/place-names';
import { RuleList } from '../../ui/security-rules/rule-list';
import { RulePreviewForm } from '../../ui/security-rules/rule-preview-form';
import { useCommand } from '../../ui/workbench';
import type { GroupQuestion } from './group-dialogs';
import classes from './group-panel.module.css';
import { RuleEditor } from './rule-editor';
import { useBindings } from './use-bindings';

/** The port that a preview asks for: that of the private addresses. */
const PORT = 5432;

export interface GroupPanelProps {
  readonly plane: string;
  readonly group: SecurityGroupView;
  /** Inbound rules as they stand on the page. */
  readonly rules: readonly SecurityRule[];
  /** Whether they differ from the saved ones. */
  readonly changed: boolean;
  /** Null: as they are saved. */
  readonly onRules: (rules: readonly SecurityRule[] | null) => void;
  readonly onAsk: (question: GroupQuestion) => void;
  readonly reload: () => Promise<void>;
}

/** One security group: its rules to edit, where it is bound, what a source address would get. */
export function GroupPanel({ plane, group, rules, changed, onRules, onAsk, reload }: GroupPanelProps) {
  const { t } = useTranslation('networks');
  const run = useCommand();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const failures = checkRules(rules);
  const bindings = useBindings(plane, group);
  const bound = group.boundCount ?? bindings?.length ?? 0;
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await api.networks.setRules({
        plane,
        region: group.region,
        id: group.id,
        inbound: [...rules],
        outbound: [...group.outbound],
      });
      await reload();
      onRules(null);
    } catch (thrown) {
      setError(thrown);
    }
    setBusy(false);
  };
  return (
    <section className={classes.panel} aria-label={group.name} data-group={group.id}>
      <header className={classes.header}>
        <div>
          <h2>{group.name}</h2>
          <p className={classes.quiet}>
            {regionName(t, group.region)} · <span className="mono selectable">{group.id}</span>
            <CopyButton text={group.id} label={t('copyId', { name: group.name })} />
          </p>
          {group.remark === '' ? null : <p>{group.remark}</p>}
        </div>
        <div className={classes.actions}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={16} stroke={1.5} />}
            onClick={() => onAsk({ ask: 'edit', group })}
          >
            {t('groups.edit')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCopyPlus size={16} stroke={1.5} />}
            onClick={() => onAsk({ ask: 'duplicate', group })}
          >
            {t('groups.duplicate')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTrash size={16} stroke={1.5} />}
            disabled={group.isDefault || bound > 0}
            onClick={() => onAsk({ ask: 'delete', group })}
          >
            {t('groups.delete')}
          </Button>
        </div>
      </header>
      {group.isDefault ? <p className={classes.quiet}>{t('groups.isDefault')}</p> : null}
      {!group.isDefault && bound > 0 ? <p className={classes.quiet}>{t('groups.isBound')}</p> : null}
      <h3>{t('groups.inbound')}</h3>
      <p className={classes.quiet}>{t('groups.inboundNote')}</p>
      <RuleEditor rules={rules} failures={failures} onChange={onRules} />
      {error === null ? null : <ErrorPanel title={t('groups.refused')} error={error} />}
      <div className={classes.actions}>
        <Button disabled={!changed || failures.length > 0} loading={busy} onClick={() => void save()}>
          {t('groups.save')}
        </Button>
        <Button variant="default" disabled={!changed} onClick={() => onRules(null)}>
          {t('groups.reset')}
        </Button>
      </div>
      <h3>{t('groups.outbound')}</h3>
      <p className={classes.quiet}>{t('groups.outboundNote')}</p>
      {group.outbound.length === 0 ? null : (
        <RuleList label={t('groups.outbound')} rules={group.outbound.map((rule) => ({ ...rule, group: group.name }))} />
      )}
      <h3>{t('groups.bound')}</h3>
      {bindings === null ? <Skeleton height={28} width={160} /> : null}
      {bindings?.length === 0 ? <p className={classes.quiet}>{t('groups.notBound')}</p> : null}
      <div className={classes.actions}>
        {(bindings ?? []).map((id) => (
          <Button
            key={id}
            size="xs"
            variant="default"
            onClick={() => run({ do: 'show-instance', plane, id, tab: 'security' })}
          >
            {id}
          </Button>
        ))}
      </div>
      <h3>{t('preview.title')}</h3>
      {changed ? <p className={classes.quiet}>{t('preview.savedOnly')}</p> : null}
      <RulePreviewForm
        ask={(source) =>
          api.networks.preview({ plane, region: group.region, groupIds: [group.id], source, port: PORT })
        }
        nameOf={() => group.name}
      />
    </section>
  );
}

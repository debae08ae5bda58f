import { Checkbox, MultiSelect, Radio, TextInput } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  GRANT_GROUPS,
  grantGroupOf,
  grantStatements,
  privilegesOf,
  type GrantGroup,
  type GrantTarget,
} from '../../../../shared/model/actions/grants';
import type { Command } from '../../../../shared/model/command';
import { api } from '../../../api/index';
import { ErrorPanel } from '../../../ui/error-panel';
import { useLoaded } from '../use-loaded';
import { useServer } from '../use-server';
import classes from './actions.module.css';
import { useObjectsInWords } from './deed-words';
import { holdsTargets, readGrantTargets } from './grant-targets';
import { StatementDialog } from './statement-dialog';

export interface GrantDialogProps {
  readonly command: Extract<Command, { do: 'act-on-objects' }>;
  readonly onClose: () => void;
}

const keyOf = ({ ref }: GrantTarget): string => `${ref.kind} ${ref.oid}`;
/** PUBLIC among the choices, where no role can be called so. */
const PUBLIC = '';
/** Objects of a group that are drawn; the filter finds the others. */
const SHOWN = 200;

/** Privileges on many objects for many roles at once. */
export function GrantDialog({ command: { serverId, database, objects }, onClose }: GrantDialogProps) {
  const { t } = useTranslation('objects');
  const inWords = useObjectsInWords();
  const version = useServer(serverId)?.status.versionNum ?? 0;
  const read = useCallback(
    (signal: AbortSignal) => readGrantTargets(serverId, database, objects, signal),
    [serverId, database, objects],
  );
  const targets = useLoaded(true, read);
  const readRoles = useCallback(
    (signal: AbortSignal) => api.catalog.choices({ serverId, database, source: 'roles', of: '' }, signal),
    [serverId, database],
  );
  const roles = useLoaded(true, readRoles);
  const isHolder = objects.some((object) => holdsTargets(object, database));
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [revoke, setRevoke] = useState(false);
  const [grantOption, setGrantOption] = useState(false);
  const [grantees, setGrantees] = useState<readonly string[]>([]);
  const [privileges, setPrivileges] = useState<Readonly<Partial<Record<GrantGroup, readonly string[]>>>>({});
  const all = useMemo(() => targets.value ?? [], [targets.value]);
  // Of a database or schema everything is offered and nothing taken; objects that were named are taken.
  const taken = chosen ?? new Set(isHolder ? [] : all.map(keyOf));
  const picked = all.filter((target) => taken.has(keyOf(target)));
  const groups = GRANT_GROUPS.filter((group) => picked.some(({ ref }) => grantGroupOf(ref.kind) === group));
  const statements = grantStatements(picked, { revoke, privileges, grantees, grantOption });
  return (
    <StatementDialog
      serverId={serverId}
      database={database}
      title={t('actions.grant.title', { what: inWords(objects) })}
      deed={t(revoke ? 'grant.revokeDeed' : 'grant.grantDeed')}
      danger={revoke}
      statements={statements}
      typed={objects.length === 1 ? (objects[0]?.name ?? '') : database}
      onClose={onClose}
    >
      {targets.error === null ? null : <ErrorPanel error={targets.error} onRetry={targets.reload} />}
      <Radio.Group
        label={t('grant.mode')}
        value={revoke ? 'revoke' : 'grant'}
        onChange={(value) => setRevoke(value === 'revoke')}
      >
        <div className={classes.inline}>
          <Radio value="grant" data-autofocus label={t('grant.grant')} />
          <Radio value="revoke" label={t('grant.revoke')} />
        </div>
      </Radio.Group>
      <Targets targets={all} taken={taken} onChange={setChosen} />
      {groups.map((group) => (
        <Checkbox.Group
          key={group}
          label={t('grant.privilegesOn', { group: t(`grant.groups.${group}`) })}
          value={[...(privileges[group] ?? [])]}
          onChange={(value) => setPrivileges((before) => ({ ...before, [group]: value }))}
        >
          <div className={classes.inline}>
            {privilegesOf(group, version).map((privilege) => (
              <Checkbox key={privilege} value={privilege} label={privilege} />
            ))}
          </div>
        </Checkbox.Group>
      ))}
      <MultiSelect
        label={t('grant.grantees')}
        searchable
        data={[
          { value: PUBLIC, label: 'PUBLIC' },
          ...(roles.value ?? []).map((role) => ({ value: role.value, label: role.value })),
        ]}
        value={[...grantees]}
        onChange={setGrantees}
      />
      <Checkbox
        label={t(revoke ? 'grant.optionOnly' : 'grant.option')}
        checked={grantOption}
        onChange={(event) => setGrantOption(event.currentTarget.checked)}
      />
    </StatementDialog>
  );
}

interface TargetsProps {
  readonly targets: readonly GrantTarget[];
  readonly taken: ReadonlySet<string>;
  readonly onChange: (taken: ReadonlySet<string>) => void;
}

/** The objects by kind, each with a check and each kind with one for all. */
function Targets({ targets, taken, onChange }: TargetsProps) {
  const { t } = useTranslation('objects');
  const { t: words } = useTranslation('catalog');
  const [filter, setFilter] = useState('');
  const text = filter.trim().toLowerCase();
  const shown = targets.filter(({ ref }) => ref.name.toLowerCase().includes(text));
  const turn = (some: readonly GrantTarget[], on: boolean): void => {
    const next = new Set(taken);
    for (const target of some) {
      if (on) next.add(keyOf(target));
      else next.delete(keyOf(target));
    }
    onChange(next);
  };
  return (
    <div>
      <TextInput
        size="xs"
        label={t('grant.objects')}
        placeholder={words('filter')}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <div className={classes.targets} role="group" aria-label={t('grant.objects')}>
        {GRANT_GROUPS.map((group) => {
          const members = shown.filter(({ ref }) => grantGroupOf(ref.kind) === group);
          if (members.length === 0) return null;
          const on = members.filter((target) => taken.has(keyOf(target))).length;
          return (
            <div key={group} className={classes.group} role="group" aria-label={t(`grant.groups.${group}`)}>
              <Checkbox
                label={t('grant.all', { group: t(`grant.groups.${group}`), count: members.length })}
                checked={on === members.length}
                indeterminate={on > 0 && on < members.length}
                onChange={(event) => turn(members, event.currentTarget.checked)}
              />
              {members.slice(0, SHOWN).map((target) => (
                <Checkbox
                  key={keyOf(target)}
                  label={`${target.ref.name}${group === 'functions' || group === 'procedures' ? target.arguments : ''}`}
                  checked={taken.has(keyOf(target))}
                  onChange={(event) => turn([target], event.currentTarget.checked)}
                />
              ))}
              {members.length > SHOWN ? <span>{t('drop.others', { count: members.length - SHOWN })}</span> : null}
            </div>
          );
        })}
      </div>
    </div>
  );
}

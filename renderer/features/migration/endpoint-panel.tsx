import { Button, Select } from '@mantine/core';
import { IconDatabaseExport, IconDatabaseImport, IconPlugConnected } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServerView } from '../../../shared/model/server';
import { api } from '../../api';
import { ChoiceGroup } from '../../ui/choice-group';
import { ErrorPanel } from '../../ui/error-panel';
import { useCommand } from '../../ui/workbench';
import { useField, type EndpointFormProps } from './endpoint-fields';
import { AccountFields, EndpointHostForm } from './endpoint-host-form';
import classes from './endpoint-panel.module.css';
import { EndpointSteps } from './endpoint-steps';
import { useAsked } from './use-asked';
import type { EndpointTestState } from './use-endpoint-test';

export interface EndpointPanelProps extends EndpointFormProps {
  /** Null until they are known. */
  readonly servers: readonly ServerView[] | null;
  readonly test: EndpointTestState;
  /** *Test connectivity* was asked for: the form says what is missing, or runs it. */
  readonly onTest: (draft: EndpointFormProps['draft']) => void;
}

const KINDS = ['server', 'instance', 'host'] as const;

/** One side of the task: which server it is, and whether it can be reached. */
export function EndpointPanel({ servers, test, onTest, ...form }: EndpointPanelProps) {
  const { side, draft, onChange } = form;
  const { t } = useTranslation('migration');
  const title = useId();
  const Icon = side === 'source' ? IconDatabaseExport : IconDatabaseImport;
  return (
    <section className={classes.panel} aria-labelledby={title}>
      <h3 id={title} className={classes.title}>
        <Icon size={16} stroke={1.5} aria-hidden />
        {t(`endpoint.${side}`)}
      </h3>
      <ChoiceGroup
        label={t('endpoint.kind')}
        value={draft.kind}
        choices={KINDS.map((value) => ({ value, label: t(`endpoint.kinds.${value}`) }))}
        onChange={(value) => onChange({ ...draft, kind: KINDS.find((each) => each === value) ?? 'server' })}
      />
      {draft.kind === 'server' ? <ServerChoice {...form} servers={servers} /> : null}
      {draft.kind === 'instance' ? <InstanceChoice {...form} /> : null}
      {draft.kind === 'host' ? <EndpointHostForm {...form} /> : null}
      <div className={classes.foot}>
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={16} stroke={1.5} />}
          onClick={() => (test.result === 'running' ? test.cancel() : onTest(draft))}
        >
          {t(test.result === 'running' ? 'servers:test.cancel' : 'endpoint.test')}
        </Button>
        {test.error === null ? null : <ErrorPanel error={test.error} onRetry={() => onTest(draft)} />}
        {test.result === null ? null : (
          <EndpointSteps
            result={test.result}
            tunnelHost={draft.ssh.host}
            onTrust={(hostKey) => {
              const trusted = { ...draft, ssh: { ...draft.ssh, hostKey } };
              onChange(trusted);
              onTest(trusted);
            }}
          />
        )}
      </div>
    </section>
  );
}

function ServerChoice({ servers, ...form }: EndpointFormProps & { readonly servers: readonly ServerView[] | null }) {
  const { draft, onChange } = form;
  const { t } = useTranslation('migration');
  const run = useCommand();
  const server = servers?.find(({ id }) => id === draft.serverId);
  return (
    <div>
      <Select
        {...useField({ form, field: 'serverId', label: t('endpoint.server'), required: true })}
        placeholder={t(servers?.length === 0 ? 'endpoint.noServers' : 'endpoint.chooseServer')}
        data={(servers ?? []).map(({ id, name, status }) => ({
          value: id,
          label: status.version === '' ? name : `${name} — ${status.version}`,
        }))}
        value={draft.serverId === '' ? null : draft.serverId}
        onChange={(serverId) => onChange({ ...draft, serverId: serverId ?? '' })}
        searchable
        allowDeselect={false}
        disabled={servers === null}
      />
      <p className={classes.note}>
        {server === undefined ? (
          <Button size="xs" variant="subtle" onClick={() => run({ do: 'register-server' })}>
            {t('endpoint.register')}
          </Button>
        ) : (
          t('endpoint.serverNote', { address: `${server.host}:${server.port}`, user: server.user })
        )}
      </p>
    </div>
  );
}

function InstanceChoice(form: EndpointFormProps) {
  const { side, draft, onChange } = form;
  const { t } = useTranslation('migration');
  const run = useCommand();
  const instances = useAsked(side, (signal) => api.migration.instances({ role: side }, signal));
  const chosen = instances.value?.find(({ id }) => id === draft.instanceId);
  return (
    <>
      {instances.error === null ? null : <ErrorPanel error={instances.error} onRetry={instances.again} />}
      <div>
        <Select
          {...useField({ form, field: 'instanceId', label: t('endpoint.instance'), required: true })}
          placeholder={t(
            instances.value === null
              ? 'endpoint.loading'
              : instances.value.length === 0
                ? 'endpoint.noInstances'
                : 'endpoint.chooseInstance',
          )}
          data={(instances.value ?? []).map(({ id, name, usable, hint }) => ({
            value: id,
            label: `${name === '' || name === id ? id : `${name} (${id})`}${usable ? '' : ` — ${hint}`}`,
            disabled: !usable,
          }))}
          value={draft.instanceId === '' ? null : draft.instanceId}
          onChange={(instanceId) => onChange({ ...draft, instanceId: instanceId ?? '' })}
          searchable
          allowDeselect={false}
          disabled={instances.value === null}
        />
        <p className={classes.note}>
          {chosen === undefined ? (
            <Button size="xs" variant="subtle" onClick={() => run({ do: 'create-instance' })}>
              {t('endpoint.createInstance')}
            </Button>
          ) : (
            t('endpoint.instanceNote', { address: `${chosen.host}:${chosen.port}` })
          )}
        </p>
      </div>
      <AccountFields {...form} />
    </>
  );
}

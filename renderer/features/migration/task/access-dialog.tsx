import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EndpointView } from '../../../../shared/model/migration-api';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { ErrorPanel } from '../../../ui/error-panel';
import { EndpointSteps } from '../endpoint-steps';
import { endpointDraft, sideOf, type EndpointDraft, type Side } from '../model';
import { useEndpointTest } from '../use-endpoint-test';
import type { DialogProps } from './dialog-props';
import classes from './dialogs.module.css';
import { placeOf } from './model';

/** Accounts and passwords of a task that has begun: where it goes from and to, and what travels, stays as it is. */
export function AccessDialog({ job, onClose, onDone }: DialogProps) {
  const { t } = useTranslation('migration');
  const [source, setSource] = useState(() => endpointDraft(job.source, []));
  const [target, setTarget] = useState(() => endpointDraft(job.target, []));
  if (job.source === null || job.target === null) return null;
  const save = async () => {
    const { name, tags, runMode, scheduledAt, options, retryMinutes } = await api.migration.detail({ id: job.id });
    if (options === null) return;
    await api.migration.configure({
      id: job.id,
      name,
      tags: [...tags],
      runMode,
      at: scheduledAt,
      source: sideOf(source),
      target: sideOf(target),
      options,
      retryMinutes,
    });
    onDone();
  };
  return (
    <ConfirmDialog
      opened
      width={720}
      title={t('action.access.title', { name: job.name })}
      deed={t('action.access.deed')}
      ready={source.user.trim() !== '' && target.user.trim() !== ''}
      onConfirm={save}
      onClose={onClose}
    >
      <p>{t('action.access.text')}</p>
      <div className={classes.access}>
        <Account jobId={job.id} side="source" view={job.source} draft={source} onChange={setSource} />
        <Account jobId={job.id} side="target" view={job.target} draft={target} onChange={setTarget} />
      </div>
    </ConfirmDialog>
  );
}

interface AccountProps {
  readonly jobId: string;
  readonly side: Side;
  readonly view: EndpointView;
  readonly draft: EndpointDraft;
  readonly onChange: (draft: EndpointDraft) => void;
}

function Account({ jobId, side, view, draft, onChange }: AccountProps) {
  const { t } = useTranslation('migration');
  const test = useEndpointTest(side, jobId, draft);
  const title = t(`task.details.${side}`);
  return (
    <section className={classes.side} aria-label={title}>
      <h3>{title}</h3>
      <p className={classes.place}>{placeOf(view)}</p>
      <TextInput
        label={t('task.details.user')}
        value={draft.user}
        maxLength={63}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange({ ...draft, user: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('task.details.password')}
        description={t(view.hasPassword ? 'action.access.keeps' : 'action.access.none')}
        value={draft.password}
        maxLength={1000}
        autoComplete="off"
        onChange={(event) => onChange({ ...draft, password: event.currentTarget.value })}
      />
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlugConnected size={16} stroke={1.5} />}
          disabled={draft.user.trim() === ''}
          onClick={() => (test.result === 'running' ? test.cancel() : void test.run(draft))}
        >
          {t('endpoint.test')}
        </Button>
      </div>
      {test.error === null ? null : <ErrorPanel error={test.error} />}
      {test.result === null ? null : (
        <EndpointSteps
          result={test.result}
          tunnelHost={draft.ssh.host}
          onTrust={(hostKey) => onChange({ ...draft, ssh: { ...draft.ssh, hostKey } })}
        />
      )}
    </section>
  );
}

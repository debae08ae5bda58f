import { Button, Textarea } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Halt } from '../../../../shared/model/migration';
import type { HaltChoice } from '../../../../shared/model/migration-words';
import { api } from '../../../api';
import { formatTime, formatUtc } from '../../../ui/bytes';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { CopyButton } from '../../../ui/copy-button';
import { ErrorPanel } from '../../../ui/error-panel';
import classes from './halt-card.module.css';
import { decisionOf, haltPlace, likelyChoice, losesRows } from './halt-model';

export interface HaltCardProps {
  readonly id: string;
  readonly halt: Halt;
  readonly onDone: () => void;
}

/** A stream that waits for a person: what happened, the statement, and what can be done about it. */
export function HaltCard({ id, halt, onDone }: HaltCardProps) {
  const { t, i18n } = useTranslation('migration');
  const [statement, setStatement] = useState(halt.statement);
  const [busy, setBusy] = useState<HaltChoice | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const editable = halt.kind === 'ddl' && halt.choices.includes('apply');
  const decide = async (choice: HaltChoice) => {
    setBusy(choice);
    setError(null);
    try {
      await api.migration.decide({ id, decision: decisionOf(halt, choice, statement) });
      // It stays until the task has taken the decision: the card goes with the halt.
      onDone();
    } catch (thrown) {
      setError(thrown);
      setBusy(null);
    }
  };
  const place = haltPlace(halt);
  const likely = likelyChoice(halt);
  return (
    <section
      className={classes.halt}
      role="alert"
      data-halt={halt.id}
      data-kind={halt.kind}
      aria-label={t(`task.halt.title.${halt.kind}`, { place })}
    >
      <IconHandStop size={16} stroke={1.5} className={classes.icon} aria-hidden />
      <div className={classes.body}>
        <div className={classes.title}>{t(`task.halt.title.${halt.kind}`, { place })}</div>
        <div className={classes.words}>{halt.text}</div>
        <div className={classes.quiet} title={formatUtc(halt.at)}>
          {t(`task.halt.why.${halt.kind}`)} {t('task.halt.since', { time: formatTime(halt.at, i18n.language) })}
        </div>
        {halt.statement === '' && !editable ? null : (
          <Textarea
            label={
              <span className={classes.label}>
                {t('task.halt.statement')}
                <CopyButton text={statement} label={t('task.halt.copy')} />
              </span>
            }
            description={editable ? t('task.halt.statementNote') : undefined}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            classNames={{ input: 'mono' }}
            autosize
            minRows={1}
            maxRows={12}
            readOnly={!editable}
            value={statement}
            onChange={(event) => setStatement(event.currentTarget.value)}
            spellCheck={false}
          />
        )}
        {error === null ? null : <ErrorPanel error={error} />}
        <ul className={classes.choices}>
          {halt.choices.map((choice) => (
            <li key={choice}>
              <Button
                size="xs"
                variant={choice === likely ? 'filled' : 'default'}
                loading={busy === choice}
                disabled={
                  (busy !== null && busy !== choice) || (choice === 'apply' && editable && statement.trim() === '')
                }
                onClick={() => {
                  if (losesRows(halt, choice)) setAsking(true);
                  else void decide(choice);
                }}
              >
                {t(`task.halt.choices.${choice}`)}
              </Button>
              <span className={classes.quiet}>{t(`task.halt.notes.${halt.kind}.${choice}`)}</span>
            </li>
          ))}
        </ul>
      </div>
      {asking ? (
        <ConfirmDialog
          opened
          danger
          title={t(`task.halt.ask.${halt.kind}.title`, { place })}
          deed={t('task.halt.choices.skip')}
          onConfirm={() => void decide('skip')}
          onClose={() => setAsking(false)}
        >
          <p>{t(`task.halt.ask.${halt.kind}.text`, { place })}</p>
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RulePreview } from '../../../shared/model/network';
import { isAddress } from '../../../shared/model/security-rules';
import { ErrorPanel } from '../error-panel';
import { StatusPill } from '../status-pill';
import classes from './rule-preview-form.module.css';

export interface RulePreviewFormProps {
  /** Asks what a connection from this address would get. */
  readonly ask: (source: string) => Promise<RulePreview>;
  /** The name of a group. */
  readonly nameOf: (groupId: string) => string;
}

/** What a source address would get, and by which rule. */
export function RulePreviewForm({ ask, nameOf }: RulePreviewFormProps) {
  const { t } = useTranslation('networks');
  const [source, setSource] = useState('127.0.0.1');
  const [answer, setAnswer] = useState<{ readonly source: string; readonly preview: RulePreview } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const wanted = source.trim();
  const wrong = wanted !== '' && !isAddress(wanted);
  const preview = async () => {
    setError(null);
    try {
      setAnswer({ source: wanted, preview: await ask(wanted) });
    } catch (thrown) {
      setAnswer(null);
      setError(thrown);
    }
  };
  return (
    <form
      className={classes.form}
      aria-label={t('preview.title')}
      onSubmit={(event) => {
        event.preventDefault();
        if (isAddress(wanted)) void preview();
      }}
    >
      <div className={classes.line}>
        <TextInput
          label={t('preview.source')}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
          error={wrong ? t('preview.wrong') : undefined}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" variant="default" disabled={wanted === '' || wrong}>
          {t('preview.deed')}
        </Button>
      </div>
      <div role="status">{answer === null ? null : <Answer {...answer} nameOf={nameOf} />}</div>
      {error === null ? null : <ErrorPanel title={t('preview.failed')} error={error} />}
      <p className={classes.note}>{t('preview.loopback')}</p>
    </form>
  );
}

interface AnswerProps {
  readonly source: string;
  readonly preview: RulePreview;
  readonly nameOf: (groupId: string) => string;
}

function Answer({ source, preview, nameOf }: AnswerProps) {
  const { t } = useTranslation('networks');
  const { action, groupId, rule } = preview;
  const why =
    groupId === null || rule === null
      ? t('preview.byNone')
      : t('preview.byRule', { number: rule + 1, group: nameOf(groupId) });
  return (
    <StatusPill tone={action === 'ACCEPT' ? 'ok' : 'error'}>
      {t(`preview.${action}`, { source })} {why}
    </StatusPill>
  );
}

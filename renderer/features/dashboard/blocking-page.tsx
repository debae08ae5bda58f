import { Button, Skeleton } from '@mantine/core';
import { IconCornerDownRight, IconPlayerStop, IconPlugX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { blockingLines, lockTargetText, type BlockingLine } from '../../../shared/model/dashboard-blocking';
import { formatDuration } from '../../ui/bytes';
import { ChoiceGroup } from '../../ui/choice-group';
import { EmptyState } from '../../ui/empty-state';
import { StatusPill } from '../../ui/status-pill';
import { visibleText } from '../../ui/visible-text';
import { Locks } from './locks-list';
import { LookError } from './look-error';
import classes from './pages.module.css';
import { maySignal, oneLine, stateWords, whoText } from './session-words';
import { SignalDialog, type SignalQuestion } from './signal-dialog';
import { askBlocking } from './questions';
import { useLook } from './use-look';

/** Who waits for whom, and every lock. */
export function BlockingPage({ open }: { readonly open: boolean }) {
  const { t } = useTranslation('dashboard');
  const [view, setView] = useState<'tree' | 'locks'>('tree');
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <ChoiceGroup
          label={t('blocking.view')}
          value={view}
          choices={(['tree', 'locks'] as const).map((value) => ({ value, label: t(`blocking.views.${value}`) }))}
          onChange={(value) => setView(value === 'locks' ? 'locks' : 'tree')}
        />
      </div>
      {view === 'tree' ? <BlockingTree open={open} /> : <Locks open={open} />}
    </div>
  );
}

function BlockingTree({ open }: { readonly open: boolean }) {
  const { t } = useTranslation('dashboard');
  const { value, error, again } = useLook(open, askBlocking);
  const [question, setQuestion] = useState<SignalQuestion | null>(null);
  const lines = useMemo(() => blockingLines(value ?? []), [value]);
  return (
    <>
      <LookError error={error} onRetry={again} />
      {value === null && error === null ? <Skeleton height={160} /> : null}
      {value !== null && lines.length === 0 ? (
        <EmptyState title={t('blocking.none')} text={t('blocking.noneText')} />
      ) : (
        <ol className={classes.tree} aria-label={t('blocking.views.tree')}>
          {lines.map((line, at) => (
            <TreeLine key={`${line.pid} ${line.depth} ${at}`} line={line} onAsk={setQuestion} />
          ))}
        </ol>
      )}
      {question ? <SignalDialog question={question} onClose={() => setQuestion(null)} onDone={again} /> : null}
    </>
  );
}

function TreeLine({
  line,
  onAsk,
}: {
  readonly line: BlockingLine;
  readonly onAsk: (question: SignalQuestion) => void;
}) {
  const { t } = useTranslation('dashboard');
  const { session, pid, depth, waiting, root, ring, again } = line;
  const state = session && stateWords(t, session);
  const indent = { paddingInlineStart: `calc(var(--space-3) + ${Math.min(depth, 12)} * var(--space-6))` };
  const deed = (kind: 'cancel' | 'terminate', Icon: typeof IconPlugX) =>
    session && maySignal(session) && (kind === 'terminate' || session.state === 'active' || session.hidden) ? (
      <Button
        size="xs"
        variant={root && kind === 'terminate' ? 'filled' : 'default'}
        {...(root && kind === 'terminate' ? { color: 'error' } : {})}
        leftSection={<Icon size={16} stroke={1.5} />}
        aria-label={t(`signal.${kind}.of`, { pid })}
        onClick={() => onAsk({ deed: kind, sessions: [session] })}
      >
        {t(`signal.${kind}.short`)}
      </Button>
    ) : null;
  return (
    <li className={classes.treeLine} style={indent} data-root={root || undefined} data-pid={pid} aria-level={depth + 1}>
      {depth === 0 ? null : <IconCornerDownRight size={16} stroke={1.5} className={classes.quiet} aria-hidden />}
      <div className={classes.treeBody}>
        <div className={classes.treeWho}>
          <strong>{pid === 0 ? t('blocking.prepared') : pid}</strong>
          {session ? <span>{whoText(session)}</span> : pid === 0 ? null : <span>{t('blocking.gone')}</span>}
          {state ? <StatusPill tone={state.tone}>{state.text}</StatusPill> : null}
          {waiting > 0 ? (
            <StatusPill tone={root ? 'error' : 'warn'}>{t('blocking.holds', { count: waiting })}</StatusPill>
          ) : null}
          {ring ? <StatusPill tone="error">{t('blocking.ring')}</StatusPill> : null}
          {again ? <span className={classes.quiet}>{t('blocking.again')}</span> : null}
        </div>
        {session?.wanted ? (
          <div>
            {t('blocking.waits', {
              time: session.waitMs === null ? '–' : formatDuration(session.waitMs),
              mode: session.wanted.mode,
              target: visibleText(lockTargetText(session.wanted)),
            })}
          </div>
        ) : null}
        {root && session?.transactionMs != null ? (
          <div>{t('blocking.open', { time: formatDuration(session.transactionMs) })}</div>
        ) : null}
        {pid === 0 ? <div className={classes.quiet}>{t('blocking.preparedText')}</div> : null}
        {session && !session.hidden && session.query !== '' ? (
          <code className={classes.cut} title={session.query.slice(0, 2000)}>
            {oneLine(session.query)}
          </code>
        ) : null}
        {session?.hidden === true ? <div className={classes.quiet}>{t('notPermitted')}</div> : null}
      </div>
      {again ? null : (
        <span className={classes.treeDeeds}>
          {deed('cancel', IconPlayerStop)}
          {deed('terminate', IconPlugX)}
        </span>
      )}
    </li>
  );
}

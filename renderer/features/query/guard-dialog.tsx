import { ScrollArea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { isDestructive, type StatementRisk } from '../../../shared/model/statement-guard';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { visibleText } from '../../ui/visible-text';
import classes from './guard-dialog.module.css';
import { lineAndColumn } from './model';
import type { AskedRun, QueryTab } from './store';

/** Statements that the dialog lists; the rest is counted. */
const LISTED = 50;
const STATEMENT_LENGTH = 300;

/** Asks before statements run that are more than reads, by the server's environment and the settings. */
export function GuardDialog({ tab }: { readonly tab: QueryTab }) {
  const asked = useStore(tab.store, (state) => state.asked);
  return asked ? <Question tab={tab} asked={asked} /> : null;
}

function Question({ tab, asked }: { readonly tab: QueryTab; readonly asked: AskedRun }) {
  const { t } = useTranslation('query');
  const { risks, source, server, production, explain } = asked;
  const destructive = risks.some(isDestructive);
  const shown = risks.toSorted((one, other) => Number(isDestructive(other)) - Number(isDestructive(one)));
  return (
    <ConfirmDialog
      opened
      title={t('guard.title', { count: risks.length, server })}
      deed={t('guard.deed', { count: risks.length })}
      danger={destructive}
      width={640}
      {...(destructive && production ? { typeToConfirm: server } : {})}
      onConfirm={() => tab.answer(true)}
      onClose={() => tab.answer(false)}
    >
      <p className={classes.text}>{production ? t('guard.production') : t('guard.text')}</p>
      {explain ? <p className={classes.text}>{t('guard.explain')}</p> : null}
      <ScrollArea.Autosize mah={280} type="auto" className={classes.frame ?? ''} viewportProps={{ tabIndex: 0 }}>
        <ul className={classes.list} aria-label={t('guard.list')}>
          {shown.slice(0, LISTED).map((risk) => (
            <Risk key={risk.start} risk={risk} text={source.text} />
          ))}
        </ul>
      </ScrollArea.Autosize>
      {risks.length > LISTED ? (
        <p className={classes.text}>{t('guard.more', { count: risks.length - LISTED })}</p>
      ) : null}
    </ConfirmDialog>
  );
}

function Risk({ risk, text }: { readonly risk: StatementRisk; readonly text: string }) {
  const { t } = useTranslation('query');
  const statement = text.slice(risk.start, Math.min(risk.end, risk.start + STATEMENT_LENGTH)).replaceAll(/\s+/g, ' ');
  return (
    <li className={classes.risk} data-destructive={isDestructive(risk) || undefined}>
      <div>
        <strong>{risk.verb}</strong>
        {' · '}
        {t(`guard.reason.${risk.reason}`)}
        <span className={classes.quiet}> · {t('guard.line', { line: lineAndColumn(text, risk.start).line })}</span>
      </div>
      <code className={classes.statement}>{visibleText(statement)}</code>
    </li>
  );
}

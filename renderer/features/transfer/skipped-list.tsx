import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportReport, SkippedStatement } from '../../../shared/model/import';
import { formatCount } from '../../ui/bytes';
import wizard from './import-wizard.module.css';
import classes from './skipped-list.module.css';

/** Entries shown at once; the saved report has up to 1,000. */
const SHOWN = 100;

function Statements({
  title,
  list,
  count,
  opened,
}: {
  readonly title: string;
  readonly list: readonly SkippedStatement[];
  readonly count: number;
  readonly opened: boolean;
}) {
  const { t, i18n } = useTranslation('transfer');
  const [open, setOpen] = useState(opened);
  if (count === 0) return null;
  const Fold = open ? IconChevronDown : IconChevronRight;
  return (
    <section className={classes.group}>
      <UnstyledButton className={classes.fold ?? ''} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Fold size={16} stroke={1.5} aria-hidden />
        {title} <span className={wizard.muted}>{formatCount(count, i18n.language)}</span>
      </UnstyledButton>
      {open ? (
        <ul className={classes.list}>
          {list.slice(0, SHOWN).map((each, index) => (
            <li key={`${index} ${each.line}`}>
              <div className={wizard.muted}>
                {[
                  each.line > 0 ? t('skipped.line', { line: formatCount(each.line, i18n.language) }) : '',
                  each.sqlstate === '' ? '' : `SQLSTATE ${each.sqlstate}`,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
              <div className={classes.message}>{each.message}</div>
              {each.statement === '' ? null : <pre className={wizard.code}>{each.statement}</pre>}
            </li>
          ))}
          {count > SHOWN ? <li className={wizard.muted}>{t('skipped.more', { count: count - SHOWN })}</li> : null}
        </ul>
      ) : null}
    </section>
  );
}

/** Statements that failed, those that may be ignored apart, and what was left out on purpose. */
export function SkippedList({ report }: { readonly report: ImportReport }) {
  const { t } = useTranslation('transfer');
  const errors = report.skipped.filter(({ harmless }) => !harmless);
  const harmless = report.skipped.filter((each) => each.harmless);
  return (
    <>
      <Statements title={t('skipped.errors')} list={errors} count={report.counts.errors} opened />
      <Statements title={t('skipped.harmless')} list={harmless} count={report.counts.harmless} opened={false} />
      {report.adapted.length === 0 ? null : (
        <section className={classes.group} aria-label={t('skipped.adapted')}>
          <div className={classes.title}>{t('skipped.adapted')}</div>
          <ul className={classes.plain}>
            {report.adapted.map(({ reason, count }) => (
              <li key={reason}>
                {t(`skipped.reasons.${reason}`, { defaultValue: reason })}{' '}
                <span className={wizard.muted}>{t('skipped.statements', { count })}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

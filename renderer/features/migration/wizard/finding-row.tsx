import { Button, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown, IconChevronRight, IconTool } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../../shared/model/migration';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { CopyButton } from '../../../ui/copy-button';
import { effectWords, FINDING_WORDS, remedyWords, type ToldWords } from './finding-words';
import { LEVEL_ICONS } from './level-icons';
import classes from './verify.module.css';

export interface FindingRowProps {
  readonly jobId: string;
  readonly finding: Finding;
  /** Its fix ran since the last check. */
  readonly repaired: boolean;
  readonly onRepaired: () => void;
}

/** Names that are shown at once; more on demand. */
const SHOWN_ITEMS = 12;

/** One finding: what was found and where; opened, what it means, what helps, and how it was found. */
export function FindingRow({ jobId, finding, repaired, onRepaired }: FindingRowProps) {
  const { t } = useTranslation('migration');
  const [open, setOpen] = useState(finding.level === 'failed' || finding.level === 'warning');
  const id = useId();
  const Icon = LEVEL_ICONS[finding.level];
  const Fold = open ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.finding} data-check={finding.check} data-level={finding.level}>
      <UnstyledButton
        className={classes.findingHead ?? ''}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Fold size={16} stroke={1.5} aria-hidden />
        <Icon size={16} stroke={1.5} className={classes.levelIcon} aria-hidden />
        <span className={classes.findingTitle}>
          <span className="visually-hidden">{t(`check.levels.${finding.level}`)}: </span>
          {t(`check.titles.${finding.check}`, { defaultValue: finding.title })}
        </span>
        <span className={classes.place}>
          {t(`check.sides.${finding.side}`)}
          {finding.database === '' ? '' : ` · ${finding.database}`}
        </span>
      </UnstyledButton>
      <div id={id} hidden={!open} className={classes.findingBody}>
        <p className="selectable">{finding.found}</p>
        <Items finding={finding} />
        <Told name={t('check.effect')} text={finding.effect} words={effectWords(finding)} />
        <Told name={t('check.remedy')} text={finding.remedy} words={remedyWords(finding)} />
        {finding.fix === null ? null : (
          <Fix jobId={jobId} finding={finding} fix={finding.fix} repaired={repaired} onRepaired={onRepaired} />
        )}
        {finding.sql === '' ? null : <Sql text={finding.sql} />}
      </div>
    </li>
  );
}

interface ToldProps {
  readonly name: string;
  /** In the words of the control plane; empty says nothing. */
  readonly text: string;
  readonly words: ToldWords;
}

/** The sentence of the window's language where it has one, and what the control plane says where that tells more. */
function Told({ name, text, words }: ToldProps) {
  const { t } = useTranslation('migration');
  if (text === '') return null;
  const own = t(words.key, { ns: FINDING_WORDS, defaultValue: '' });
  return (
    <>
      <p className="selectable">
        <span className={classes.muted}>{name}: </span>
        {own === '' ? text : own}
      </p>
      {own === '' || !words.varies ? null : (
        <p lang="en" className={`selectable ${classes.said ?? ''}`}>
          {text}
        </p>
      )}
    </>
  );
}

function Items({ finding: { items, count } }: { readonly finding: Finding }) {
  const { t } = useTranslation('migration');
  const [all, setAll] = useState(false);
  if (items.length === 0) return null;
  const shown = all ? items : items.slice(0, SHOWN_ITEMS);
  const more = count - shown.length;
  return (
    <ul className={classes.items}>
      {shown.map((item) => (
        <li key={item} className="mono selectable">
          {item}
        </li>
      ))}
      {!all && items.length > SHOWN_ITEMS ? (
        <li>
          <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
            {t('check.moreItems', { count: more })}
          </Button>
        </li>
      ) : more > 0 ? (
        <li className={classes.muted}>{t('check.moreItems', { count: more })}</li>
      ) : null}
    </ul>
  );
}

function Sql({ text }: { readonly text: string }) {
  const { t } = useTranslation('migration');
  const [open, setOpen] = useState(false);
  const Fold = open ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <div className={classes.sqlHead}>
        <UnstyledButton className={classes.fold ?? ''} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Fold size={16} stroke={1.5} aria-hidden />
          {t('check.sql')}
        </UnstyledButton>
        {open ? <CopyButton text={text} label={t('check.copySql')} /> : null}
      </div>
      {open ? <pre className={classes.code}>{text}</pre> : null}
    </div>
  );
}

interface FixProps extends FindingRowProps {
  readonly fix: NonNullable<Finding['fix']>;
}

function Fix({ jobId, finding, fix, repaired, onRepaired }: FixProps) {
  const { t } = useTranslation('migration');
  const [asking, setAsking] = useState(false);
  if (repaired)
    return (
      <p className={classes.repaired} role="status">
        <IconCheck size={16} stroke={1.5} aria-hidden />
        {t('check.repaired')}
      </p>
    );
  const count = fix.statements.length;
  return (
    <div>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTool size={16} stroke={1.5} />}
        onClick={() => setAsking(true)}
      >
        {t('check.fix')}
      </Button>
      {asking ? (
        <ConfirmDialog
          opened
          width={720}
          title={t('check.fixTitle', { title: t(`check.titles.${finding.check}`, { defaultValue: finding.title }) })}
          deed={t('check.fixDeed', { count, side: t(`check.sides.${fix.side}`) })}
          onConfirm={async () => {
            await api.migration.fix({ id: jobId, check: finding.check, database: finding.database, side: fix.side });
            onRepaired();
          }}
          onClose={() => setAsking(false)}
        >
          <p>
            {t('check.fixText', {
              count,
              side: t(`check.sides.${fix.side}`),
              database: fix.database === '' ? 'postgres' : fix.database,
            })}
          </p>
          <div className={classes.statements}>
            <pre className={classes.code}>{fix.statements.join('\n')}</pre>
            <CopyButton text={fix.statements.join('\n')} label={t('check.copySql')} />
          </div>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

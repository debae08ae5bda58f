import { Checkbox, NumberInput, Select, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MigrationOptions } from '../../../../shared/model/migration';
import { EXISTING_ROWS, ON_DRIFT } from '../../../../shared/model/migration-words';
import type { TaskDraft } from '../model';
import classes from './migration-wizard.module.css';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** 1 PiB of log. */
const MOST_GIB = 1024 * 1024;
/** As the contract says. */
const MOST_JOBS = 16;
const MOST_RETRY_MINUTES = 720;
/** 1 TiB a second, or as the size of a part. */
const MOST_MIB = 1024 * 1024;

const SWITCHES = ['keepOwners', 'keepPrivileges', 'analyze', 'tuneTarget'] as const;

/** How it is done; the defaults are right for most. */
export function AdvancedSection({
  draft,
  onChange,
}: {
  readonly draft: TaskDraft;
  readonly onChange: (draft: TaskDraft) => void;
}) {
  const { t } = useTranslation('migration');
  const { options } = draft;
  const [open, setOpen] = useState(false);
  const id = useId();
  const set = (change: Partial<MigrationOptions>) => onChange({ ...draft, options: { ...options, ...change } });
  const Fold = open ? IconChevronDown : IconChevronRight;
  const structureOnly = options.type === 'structure';
  return (
    <section className={classes.section} aria-label={t('wizard.advanced.title')}>
      <UnstyledButton
        className={classes.fold ?? ''}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Fold size={16} stroke={1.5} aria-hidden />
        {t('wizard.advanced.title')}
      </UnstyledButton>
      <div id={id} hidden={!open} className={classes.grid}>
        <Figure
          name="copyJobs"
          value={options.copyJobs}
          max={MOST_JOBS}
          disabled={structureOnly}
          onChange={(copyJobs) => set({ copyJobs })}
        />
        <Figure
          name="indexJobs"
          value={options.indexJobs}
          max={MOST_JOBS}
          onChange={(indexJobs) => set({ indexJobs })}
        />
        <Figure
          name="rate"
          suffix=" MiB/s"
          value={options.bytesPerSecond / MIB}
          max={MOST_MIB}
          disabled={structureOnly}
          onChange={(mib) => set({ bytesPerSecond: mib * MIB })}
        />
        <Figure
          name="split"
          suffix=" MiB"
          value={options.splitAbove / MIB}
          max={MOST_MIB}
          disabled={structureOnly}
          onChange={(mib) => set({ splitAbove: mib * MIB })}
        />
        <Select
          label={t('wizard.advanced.existing')}
          description={t(`wizard.advanced.existingNotes.${options.existingRows}`)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={EXISTING_ROWS.map((value) => ({ value, label: t(`wizard.advanced.existingRows.${value}`) }))}
          value={options.existingRows}
          onChange={(value) => set({ existingRows: EXISTING_ROWS.find((each) => each === value) ?? 'refuse' })}
          allowDeselect={false}
          disabled={structureOnly}
        />
        <Figure
          name="retry"
          suffix=" min"
          value={draft.retryMinutes}
          max={MOST_RETRY_MINUTES}
          onChange={(retryMinutes) => onChange({ ...draft, retryMinutes })}
        />
        {SWITCHES.map((name) => (
          <Checkbox
            key={name}
            label={t(`wizard.advanced.${name}`)}
            description={t(`wizard.advanced.${name}Note`)}
            checked={options[name]}
            onChange={(event) => set({ [name]: event.currentTarget.checked })}
          />
        ))}
        {options.type === 'fullAndIncrement' ? <Following options={options} onChange={set} /> : null}
      </div>
    </section>
  );
}

interface FollowingProps {
  readonly options: MigrationOptions;
  readonly onChange: (change: Partial<MigrationOptions>) => void;
}

/** How the changes of the source are followed, and how much of its log may be kept for it. */
function Following({ options, onChange }: FollowingProps) {
  const { t } = useTranslation('migration');
  const isCrossed = options.walCeiling > 0 && options.walAlarm > options.walCeiling;
  return (
    <div className={classes.following} role="group" aria-label={t('wizard.advanced.following')}>
      <h3 className={classes.subheading}>{t('wizard.advanced.following')}</h3>
      <div className={classes.grid}>
        <Checkbox
          label={t('wizard.advanced.followDdl')}
          description={t('wizard.advanced.followDdlNote')}
          checked={options.followDdl}
          onChange={(event) => onChange({ followDdl: event.currentTarget.checked })}
        />
        <Select
          label={t('wizard.advanced.onDrift')}
          description={t(`wizard.advanced.driftNotes.${options.onDrift}`)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={ON_DRIFT.map((value) => ({ value, label: t(`wizard.advanced.drift.${value}`) }))}
          value={options.onDrift}
          onChange={(value) => onChange({ onDrift: ON_DRIFT.find((each) => each === value) ?? 'halt' })}
          allowDeselect={false}
        />
        <Figure
          name="applyJobs"
          value={options.applyJobs}
          min={1}
          max={MOST_JOBS}
          onChange={(applyJobs) => onChange({ applyJobs })}
        />
        <Figure
          name="walAlarm"
          suffix=" GiB"
          value={options.walAlarm / GIB}
          max={MOST_GIB}
          digits={2}
          {...(isCrossed ? { problem: t('wizard.advanced.walCrossed') } : {})}
          onChange={(gib) => onChange({ walAlarm: Math.round(gib * GIB) })}
        />
        <Figure
          name="walCeiling"
          suffix=" GiB"
          value={options.walCeiling / GIB}
          max={MOST_GIB}
          digits={2}
          onChange={(gib) => onChange({ walCeiling: Math.round(gib * GIB) })}
        />
      </div>
    </div>
  );
}

interface FigureProps {
  /** Key of its words. */
  readonly name: string;
  readonly value: number;
  /** Default 0. */
  readonly min?: number;
  readonly max: number;
  readonly suffix?: string;
  /** Digits behind the point; default none. */
  readonly digits?: number;
  /** What is wrong with it, though it is taken. */
  readonly problem?: string;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** A number; 0 means *by itself*, *none* or *never*. */
function Figure({ name, value, min = 0, max, suffix, digits = 0, problem, disabled, onChange }: FigureProps) {
  const { t } = useTranslation('migration');
  const round = (next: number) => Math.round(next * 10 ** digits) / 10 ** digits;
  return (
    <NumberInput
      label={t(`wizard.advanced.${name}`)}
      description={t(`wizard.advanced.${name}Note`)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      classNames={{ wrapper: classes.figure ?? '' }}
      min={min}
      max={max}
      error={problem}
      clampBehavior="strict"
      decimalScale={digits}
      allowNegative={false}
      disabled={disabled === true}
      {...(suffix === undefined ? {} : { suffix })}
      value={round(value)}
      onChange={(next) => onChange(Math.min(max, Math.max(min, round(Number(next) || 0))))}
    />
  );
}

import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SwitchWhen } from '../../../shared/contract/instances';
import { ChoiceGroup } from '../../ui/choice-group';
import { FormRow } from '../../ui/form-row';
import classes from './when-choice.module.css';

/** A window between two times of the day is at least this long, as the cloud's API wants it. */
const LEAST_MINUTES = 30;

export const AT_ONCE: SwitchWhen = { at: 'now' };

function minutes(time: string): number {
  const [, hours, rest] = /^(\d{2}):(\d{2})/.exec(time) ?? [];
  return Number(hours) * 60 + Number(rest);
}

/** Whether the times make a window; it may go over midnight. */
export function isWhenComplete(when: SwitchWhen): boolean {
  if (when.at !== 'times') return true;
  const length = (minutes(when.end) - minutes(when.start) + 24 * 60) % (24 * 60);
  return Number.isFinite(length) && length >= LEAST_MINUTES;
}

export interface WhenChoiceProps {
  readonly value: SwitchWhen;
  readonly onChange: (when: SwitchWhen) => void;
}

/** At once, between two times of the day, or in the maintenance window. */
export function WhenChoice({ value, onChange }: WhenChoiceProps) {
  const { t } = useTranslation('instances');
  const pick = (at: string) => {
    if (at === 'times') onChange({ at, start: '02:00:00', end: '04:00:00' });
    else onChange(at === 'window' ? { at } : AT_ONCE);
  };
  return (
    <FormRow label={t('when.label')}>
      <ChoiceGroup
        label={t('when.label')}
        choices={(['now', 'times', 'window'] as const).map((at) => ({ value: at, label: t(`when.${at}`) }))}
        value={value.at}
        onChange={pick}
      />
      {value.at === 'times' ? (
        <div className={classes.times}>
          {(['start', 'end'] as const).map((end) => (
            <TextInput
              key={end}
              type="time"
              label={t(`when.${end}`)}
              value={value[end].slice(0, 5)}
              onChange={(event) => onChange({ ...value, [end]: `${event.currentTarget.value}:00` })}
            />
          ))}
        </div>
      ) : null}
      {value.at === 'now' ? null : (
        <p className={classes.note}>
          {t(isWhenComplete(value) ? 'when.note' : 'when.tooShort', { least: LEAST_MINUTES })}
        </p>
      )}
    </FormRow>
  );
}

import { useTranslation } from 'react-i18next';
import { STORAGE_STEP } from '../../../shared/model/instance-rules';
import { FormRow } from '../../ui/form-row';
import { ClassTable } from './class-table';
import type { SectionProps } from './create-form';
import classes from './create-instance-view.module.css';
import { FigureRow } from './figure-row';
import { classOf, freeBackupGb, withClass } from './form';
import { Problem } from './problem';
import { VersionCards } from './version-cards';

/** Which version, which specification, how much disk. */
export function SizeSection({ form, options, onChange, problemOf, onLeave }: SectionProps) {
  const { t } = useTranslation('instances');
  const chosen = classOf(form, options);
  return (
    <section className={classes.section} aria-label={t('buy.size')}>
      <FormRow label={t('buy.version')} required>
        <VersionCards
          label={t('buy.version')}
          versions={options.versions}
          local={options.machine !== null}
          value={form.major}
          onChange={(major) => onChange({ ...form, major })}
        />
        <Problem text={problemOf('major')} />
      </FormRow>
      <FormRow label={t('buy.specification')} required>
        <ClassTable
          label={t('buy.specification')}
          choices={options.classes}
          value={form.classCode}
          onChange={(next) => onChange(withClass(form, next))}
        />
        <Problem text={problemOf('classCode')} />
      </FormRow>
      <FigureRow
        id="instance-disk"
        label={t('buy.disk')}
        suffix=" GB"
        step={STORAGE_STEP}
        min={chosen?.minStorageGb ?? STORAGE_STEP}
        max={chosen?.maxStorageGb ?? STORAGE_STEP}
        value={form.storageGb}
        error={problemOf('storageGb')}
        onChange={(storageGb) => onChange({ ...form, storageGb })}
        onLeave={() => onLeave('storageGb')}
      >
        <p className={classes.note}>
          {t('buy.diskNote', { min: chosen?.minStorageGb, max: chosen?.maxStorageGb, step: STORAGE_STEP })}
        </p>
      </FigureRow>
      <FormRow label={t('buy.backup')}>
        <p className={classes.plain}>{t('buy.backupNote', { free: freeBackupGb(form.storageGb) })}</p>
      </FormRow>
    </section>
  );
}

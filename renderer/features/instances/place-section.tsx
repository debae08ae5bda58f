import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { STORAGE_STEP } from '../../../shared/model/instance-rules';
import { ChoiceGroup } from '../../ui/choice-group';
import { FormRow } from '../../ui/form-row';
import type { SectionProps } from './create-form';
import classes from './create-instance-view.module.css';
import { FigureRow } from './figure-row';
import { classOf, withClass, withRegion } from './form';
import { regionName, zoneName } from './labels';
import { LAST_RELEASE } from './model';

/** Where the instance stands, which version, which specification, how much disk. */
export function PlaceSection({ form, options, onChange, problemOf, onLeave }: SectionProps) {
  const { t } = useTranslation('instances');
  const zones = options.zones.filter((zone) => zone.region === form.region);
  const version = options.versions.find((each) => each.major === form.major);
  const chosen = classOf(form, options);
  const until = LAST_RELEASE[form.major];
  return (
    <section className={classes.section} aria-label={t('buy.place')}>
      <FormRow label={t('columns.region')} htmlFor="instance-region" required>
        <Select
          id="instance-region"
          className={classes.narrow ?? ''}
          data={options.regions.map(({ code, name }) => ({
            value: code,
            label: `${regionName(t, code, name)} (${code})`,
          }))}
          value={form.region}
          onChange={(region) => (region === null ? undefined : onChange(withRegion(form, region, options)))}
          searchable
          error={problemOf('region')}
        />
      </FormRow>
      <FormRow label={t('buy.zone')} required>
        <ChoiceGroup
          label={t('buy.zone')}
          choices={zones.map((zone) => ({ value: zone.code, label: zoneName(t, zone.code, zone.region) }))}
          value={form.zone}
          onChange={(zone) => onChange({ ...form, zone })}
        />
      </FormRow>
      <FormRow label={t('buy.version')} required>
        <ChoiceGroup
          label={t('buy.version')}
          choices={options.versions.map((each) => ({
            value: String(each.major),
            label: String(each.major),
            note: each.version,
          }))}
          value={String(form.major)}
          onChange={(major) => onChange({ ...form, major: Number(major) })}
        />
        <p className={classes.note}>
          {t(`versions.${form.major}`, { defaultValue: '' })} {until === undefined ? '' : t('buy.support', { until })}{' '}
          {version?.installed === false ? t('buy.fetched') : ''}
        </p>
      </FormRow>
      <FormRow label={t('buy.specification')} required>
        <div className={classes.specifications}>
          <table aria-label={t('buy.specification')}>
            <thead>
              <tr>
                <th scope="col">{t('buy.classCode')}</th>
                <th scope="col">{t('buy.cpu')}</th>
                <th scope="col">{t('buy.memory')}</th>
                <th scope="col">{t('buy.connections')}</th>
              </tr>
            </thead>
            <tbody>
              {options.classes.map((each) => (
                <tr
                  key={each.code}
                  data-chosen={each.code === form.classCode || undefined}
                  onClick={() => onChange(withClass(form, each))}
                >
                  <td>
                    <label>
                      <input
                        type="radio"
                        name="instance-class"
                        value={each.code}
                        checked={each.code === form.classCode}
                        onChange={() => onChange(withClass(form, each))}
                      />
                      {each.code}
                    </label>
                  </td>
                  <td>{t('buy.cores', { count: each.cpu })}</td>
                  <td>{each.memoryGb} GB</td>
                  <td>{each.maxConnections}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
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
    </section>
  );
}

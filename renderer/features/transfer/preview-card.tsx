import { Checkbox } from '@mantine/core';
import { IconAlertTriangle, IconDatabaseImport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DumpPreview } from '../../../shared/model/import';
import { formatBytes, formatCount } from '../../ui/bytes';
import { ChoiceGroup } from '../../ui/choice-group';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import classes from './import-wizard.module.css';
import { mayChooseSchemas, type Draft } from './model';

export interface PreviewCardProps {
  readonly preview: DumpPreview;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

const SHOWN = 8;

/** What a file was recognised as and what it says about itself. */
export function PreviewCard({ preview, draft, onChange }: PreviewCardProps) {
  const { t, i18n } = useTranslation('transfer');
  const usable = preview.problem === '';
  const list = (names: readonly string[]): string =>
    names.length === 0
      ? t('preview.none')
      : names.length > SHOWN
        ? t('preview.more', { names: names.slice(0, SHOWN).join(', '), count: names.length - SHOWN })
        : names.join(', ');
  const { schemas } = draft.options;
  return (
    <section className={classes.card} aria-label={t('preview.title')}>
      <div className={classes.cardTitle}>
        {usable ? (
          <IconDatabaseImport size={16} stroke={1.5} aria-hidden />
        ) : (
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
        )}
        <span className={classes.grow}>
          <MiddleEllipsis text={preview.fileName} tail={16} />
        </span>
        <span className={classes.muted}>{formatBytes(preview.sizeBytes)}</span>
      </div>
      {usable ? null : <p role="alert">{preview.problem}</p>}
      <dl className={classes.facts}>
        <dt>{t('preview.kind')}</dt>
        <dd>
          {t(`preview.kinds.${preview.kind}`)}
          {preview.compression === 'gzip' ? t('preview.gzip') : ''}
        </dd>
        {preview.serverVersion === '' ? null : (
          <>
            <dt>{t('preview.server')}</dt>
            <dd>{t('preview.serverText', { server: preview.serverVersion, dump: preview.dumpVersion })}</dd>
          </>
        )}
        {preview.encoding === '' ? null : (
          <>
            <dt>{t('preview.encoding')}</dt>
            <dd>
              {preview.encodingStated ? preview.encoding : t('preview.encodingGuessed', { encoding: preview.encoding })}
            </dd>
          </>
        )}
        {preview.kind === 'unknown' || preview.kind === 'directory' ? null : (
          <>
            <dt>{t('preview.tables')}</dt>
            <dd>
              {formatCount(preview.tables.length, i18n.language)}
              {preview.scannedAll ? '' : t('preview.soFar')}
            </dd>
            <dt>{t('preview.schemas')}</dt>
            <dd>{list(preview.schemas)}</dd>
            <dt>{t('preview.extensions')}</dt>
            <dd>{list(preview.extensions)}</dd>
            <dt>{t('preview.roles')}</dt>
            <dd>{list(preview.roles)}</dd>
          </>
        )}
        {mayChooseSchemas(draft) ? (
          <>
            <dt>{t('objects.take')}</dt>
            <dd className={classes.fields}>
              <ChoiceGroup
                label={t('objects.take')}
                value={draft.chosenOnly ? 'chosen' : 'all'}
                choices={[
                  { value: 'all', label: t('objects.all') },
                  { value: 'chosen', label: t('objects.chosenSchemas') },
                ]}
                onChange={(value) =>
                  onChange({
                    ...draft,
                    chosenOnly: value === 'chosen',
                    options: { ...draft.options, schemas: [], tables: [] },
                  })
                }
              />
              {draft.chosenOnly
                ? preview.schemas.map((schema) => (
                    <Checkbox
                      key={schema}
                      label={schema}
                      checked={schemas.includes(schema)}
                      onChange={(event) =>
                        onChange({
                          ...draft,
                          options: {
                            ...draft.options,
                            schemas: event.currentTarget.checked
                              ? [...schemas, schema]
                              : schemas.filter((each) => each !== schema),
                          },
                        })
                      }
                    />
                  ))
                : null}
            </dd>
          </>
        ) : null}
      </dl>
    </section>
  );
}

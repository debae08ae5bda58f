import { useTranslation } from 'react-i18next';
import { api } from '../../../api';
import { formatTime, formatUtc } from '../../../ui/bytes';
import { projectName } from '../labels';
import { regionName, zoneName } from '../../../ui/place-names';
import { allows, tagText } from '../model';
import { DeedSwitch } from './deed-switch';
import type { AskingProps } from './detail-props';
import { Fact, Facts, Section } from './section';
import { SmallButton } from './small-button';

/** Name, labels, place, and whether it is guarded against being taken away. */
export function BasicSection({ detail, onAsk, onDone }: AskingProps) {
  const { t, i18n } = useTranslation('instances');
  const { plane, id } = detail;
  return (
    <Section title={t('basic.title')}>
      <Facts>
        <Fact
          label={t('buy.name')}
          action={
            <SmallButton
              label={t('actions.rename')}
              disabled={!allows('rename', detail)}
              onClick={() => onAsk('rename')}
            >
              {t('basic.edit')}
            </SmallButton>
          }
        >
          {detail.name}
        </Fact>
        <Fact label={t('columns.region')}>{regionName(t, detail.region)}</Fact>
        <Fact label={t('columns.zone')}>{zoneName(t, detail.zone, detail.region)}</Fact>
        <Fact label={t('buy.charset')}>{detail.charset}</Fact>
        <Fact label={t('basic.admin')}>
          <span className="mono">{detail.adminUser}</span>
        </Fact>
        <Fact label={t('columns.created')}>
          <span title={formatUtc(detail.createdAt)}>{formatTime(detail.createdAt, i18n.language)}</span>
        </Fact>
        <Fact
          label={t('columns.project')}
          action={
            <SmallButton
              label={t('actions.labels')}
              disabled={!allows('labels', detail)}
              onClick={() => onAsk('labels')}
            >
              {t('basic.edit')}
            </SmallButton>
          }
        >
          {projectName(t, detail.projectId)}
        </Fact>
        <Fact label={t('columns.tags')}>
          {detail.tags.length === 0 ? t('basic.noTags') : detail.tags.map(tagText).join(', ')}
        </Fact>
        <Fact label={t('protection.label')}>
          <DeedSwitch
            label={t('protection.label')}
            checked={detail.deletionProtection}
            words={{ on: t('basic.on'), off: t('basic.off') }}
            onChange={async (enabled) => {
              await api.instances.setDeletionProtection({ plane, id, enabled });
              onDone();
            }}
          />
        </Fact>
      </Facts>
    </Section>
  );
}

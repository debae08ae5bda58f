import { Checkbox } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Completion } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { COMPARE_MODES, STOP_WRITES } from '../../../../shared/model/migration-words';
import { api } from '../../../api';
import { ChoiceGroup } from '../../../ui/choice-group';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { productionServer } from '../model';
import { useServers } from '../use-servers';
import classes from './complete-dialog.module.css';
import { cutOverPlan, firstCompletion, planWords, type Way } from './complete-model';
import { placeOf } from './model';

export interface CompleteDialogProps {
  readonly job: MigrationJobDetail;
  readonly way: Way;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const NOTHING = 'none';

/** Leads through the cut-over, or the way back: how writes are stopped, what happens to the address, what is proved, and what will be done in order. */
export function CompleteDialog({ job, way, onClose, onDone }: CompleteDialogProps) {
  const { t } = useTranslation('migration');
  const [completion, setCompletion] = useState(() => firstCompletion(job, way));
  const [seenTo, setSeenTo] = useState(false);
  const servers = useServers();
  const set = (change: Partial<Completion>) => setCompletion({ ...completion, ...change });
  const [from, to] = way === 'forward' ? [job.source, job.target] : [job.target, job.source];
  if (from === null || to === null) return null;
  const production = productionServer(from, servers ?? []) ?? productionServer(to, servers ?? []);
  const sides = { from: placeOf(from), to: placeOf(to), name: job.name };
  const byHand = completion.stopWrites === 'byHand';
  return (
    <ConfirmDialog
      opened
      width={960}
      title={t(`task.complete.title.${way}`, sides)}
      deed={t(`task.complete.deed.${way}`, sides)}
      ready={servers !== null && (!byHand || seenTo)}
      {...(production === null ? {} : { typeToConfirm: production.name })}
      onConfirm={async () => {
        if (way === 'forward') await api.migration.complete({ id: job.id, completion });
        else await api.migration.goBack({ id: job.id, completion });
        onDone();
      }}
      onClose={onClose}
    >
      <div className={classes.body}>
        <p>{t(`task.complete.lead.${way}`, sides)}</p>
        <div className={classes.columns}>
          <div className={classes.choices}>
            <Part title={t('task.complete.stopWrites', sides)}>
              <ChoiceGroup
                label={t('task.complete.stopWrites', sides)}
                choices={STOP_WRITES.map((value) => ({ value, label: t(`task.complete.stopWritesBy.${value}`) }))}
                value={completion.stopWrites}
                onChange={(next) => set({ stopWrites: STOP_WRITES.find((each) => each === next) ?? 'byHand' })}
              />
              <p className={classes.note}>{t(`task.complete.stopWritesNotes.${completion.stopWrites}`, sides)}</p>
              {byHand ? (
                <Checkbox
                  label={t('task.complete.seenTo', sides)}
                  checked={seenTo}
                  onChange={(event) => setSeenTo(event.currentTarget.checked)}
                />
              ) : null}
            </Part>
            {job.canMoveAddress ? (
              <Part title={t('task.complete.address')}>
                <Checkbox
                  label={t('task.complete.moveAddress', sides)}
                  description={t('task.complete.moveAddressNote', sides)}
                  checked={completion.moveAddress}
                  onChange={(event) => set({ moveAddress: event.currentTarget.checked })}
                />
              </Part>
            ) : null}
            {way === 'forward' ? (
              <Part title={t('task.complete.wayBack')}>
                <Checkbox
                  label={t('task.complete.failBack')}
                  description={t('task.complete.failBackNote', sides)}
                  checked={completion.failBack}
                  onChange={(event) => set({ failBack: event.currentTarget.checked })}
                />
              </Part>
            ) : null}
            <Part title={t('task.complete.compare')}>
              <ChoiceGroup
                label={t('task.complete.compare')}
                choices={[NOTHING, ...COMPARE_MODES.toReversed()].map((value) => ({
                  value,
                  label: t(`compare.modes.${value}`),
                }))}
                value={completion.compare ?? NOTHING}
                onChange={(next) => set({ compare: COMPARE_MODES.find((each) => each === next) ?? null })}
              />
              <p className={classes.note}>{t(`compare.modeNotes.${completion.compare ?? NOTHING}`)}</p>
            </Part>
          </div>
          <Part title={t('task.complete.planTitle')}>
            <ol className={classes.plan}>
              {cutOverPlan(completion).map((step) => (
                <li key={step} data-plan={step}>
                  {t(`task.complete.plan.${planWords(step, completion)}`, sides)}
                </li>
              ))}
            </ol>
            <p className={classes.note}>{t('task.complete.takeBackNote')}</p>
          </Part>
        </div>
        {production === null ? null : (
          <p className={classes.alarm}>{t('task.complete.production', { name: production.name })}</p>
        )}
      </div>
    </ConfirmDialog>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

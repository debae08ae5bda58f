import { Button, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DRILLS, type Drill, type DrillView } from '../../../../shared/model/instance';
import { api } from '../../../api';
import { ChoiceGroup } from '../../../ui/choice-group';
import { ErrorPanel } from '../../../ui/error-panel';
import { FormRow } from '../../../ui/form-row';
import { zoneName } from '../../../ui/place-names';
import dialog from '../dialogs.module.css';
import { usePlaneState, withExpected } from '../store';
import type { DetailProps } from './detail-props';
import classes from './drill-dialog.module.css';
import { DrillReport } from './drill-report';

/** Milliseconds between readings of a drill that runs. */
const READ_MS = 300;
/** What may be done: to this instance's primary, or to everything in its zone. */
const CHOICES = [...DRILLS, 'zone'] as const;
type Choice = Drill | 'zone';

/** Takes the primary down for real and shows how the instance comes through. */
export function DrillDialog({ detail, onDone, onClose }: DetailProps & { readonly onClose: () => void }) {
  const { t } = useTranslation('instances');
  const { plane, id } = detail;
  const [scenario, setScenario] = useState<Choice>('kill');
  const { list } = usePlaneState(plane);
  const zone = zoneName(t, detail.zone, detail.region);
  const neighbours = (list ?? []).filter(
    (each) => each.id !== id && (each.zone === detail.zone || each.standbyZones.includes(detail.zone)),
  );
  const [started, setStarted] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const drills = useDrills(plane, id, started);
  const shown = drills.find((drill) => drill.id === started) ?? null;
  const earlier = drills.filter((drill) => drill.id !== started).slice(0, 3);
  const running = started !== null && shown?.endedAt == null;

  const start = async () => {
    setError(null);
    try {
      await withExpected(detail, 'primary-switching', async () => {
        if (scenario !== 'zone') {
          const { drillId } = await api.instances.drill({ plane, id, scenario });
          setStarted(drillId);
          return;
        }
        const begun = await api.instances.drillZone({ plane, zone: detail.zone });
        setStarted(begun.find((each) => each.id === id)?.drillId ?? null);
      });
      onDone();
    } catch (thrown) {
      setError(thrown);
    }
  };

  return (
    <Modal opened onClose={onClose} title={t('drill.title', { name: detail.name })} size={640}>
      <div className={dialog.fields}>
        {started === null ? (
          <>
            <p className={dialog.warning}>{t('drill.real')}</p>
            <FormRow label={t('drill.scenario')}>
              <ChoiceGroup
                label={t('drill.scenario')}
                choices={CHOICES.map((each) => ({ value: each, label: t(`drill.scenarios.${each}`) }))}
                value={scenario}
                onChange={(value) => setScenario(CHOICES.find((each) => each === value) ?? 'kill')}
              />
              <p className={dialog.note}>{t(`drill.notes.${scenario}`, { zone })}</p>
              {scenario === 'zone' && neighbours.length > 0 ? (
                <>
                  <p className={dialog.warning}>{t('drill.neighbours', { count: neighbours.length })}</p>
                  <ul className={classes.neighbours}>
                    {neighbours.map((each) => (
                      <li key={each.id}>{each.name}</li>
                    ))}
                  </ul>
                </>
              ) : null}
            </FormRow>
            <p>{t('drill.what')}</p>
          </>
        ) : (
          <DrillReport drill={shown} />
        )}
        {error === null ? null : <ErrorPanel title={t('drill.refused')} error={error} />}
        {earlier.length === 0 ? null : (
          <section aria-label={t('drill.earlier')}>
            <h3>{t('drill.earlier')}</h3>
            {earlier.map((drill) => (
              <DrillReport key={drill.id} drill={drill} brief />
            ))}
          </section>
        )}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            {t(started === null ? 'drill.cancel' : 'drill.close')}
          </Button>
          {started === null ? (
            <Button color="error" onClick={() => void start()}>
              {t(scenario === 'zone' ? 'drill.deedZone' : 'drill.deed')}
            </Button>
          ) : (
            <Button variant="default" disabled={running} onClick={() => setStarted(null)}>
              {t('drill.again')}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

/** The drills of this run of the daemon, newest first; read again and again while one is under way. */
function useDrills(plane: string, id: string, started: string | null): readonly DrillView[] {
  const [drills, setDrills] = useState<readonly DrillView[]>([]);
  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      let running = started !== null;
      try {
        const now = await api.instances.drills({ plane, id }, gone.signal);
        setDrills(now);
        running = now.some((drill) => drill.id === started && drill.endedAt === null);
      } catch {
        // The drill itself may keep the control plane busy for a moment: the next reading tells.
      }
      if (running && !gone.signal.aborted) timer = setTimeout(() => void read(), READ_MS);
    };
    void read();
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [plane, id, started]);
  return drills;
}

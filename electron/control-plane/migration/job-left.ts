import { quoteLiteral } from '../../../shared/model/quote';
import { captureNames, OWN_CHANGE_NAME } from './follow/ddl/capture-names';
import { PROGRESS_SCHEMA } from './follow/follow-model';
import { truncatePattern } from './follow/truncate/truncate-names';
import { slotPattern } from './job-rules';

const list = (names: readonly string[]): string => names.map(quoteLiteral).join(', ');

/**
 * What can be run by hand, in each database of the task on both sides, when this control plane cannot reach a server any more: it takes away
 * everything that the task has made there. Done twice it does nothing more.
 */
export function cleaningSql(id: string): string {
  const names = captureNames(id);
  const { keys, shapes, log, shapeOf, detail, tell, note, failed, trigger } = names;
  const mine = list([keys, shapes, log, shapeOf, detail, tell, note, failed, trigger]);
  const schema = quoteLiteral(PROGRESS_SCHEMA);
  const records = `${PROGRESS_SCHEMA}.progress`;
  const routes = `${PROGRESS_SCHEMA}.routes`;
  const slots = quoteLiteral(slotPattern(id));
  const emptied = quoteLiteral(truncatePattern(slotPattern(id)));
  return [
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE ${slots} AND database = current_database();`,
    `DO $howdah$ DECLARE s text; BEGIN PERFORM set_config(${quoteLiteral(OWN_CHANGE_NAME)}, 'on', true);`,
    `FOR s IN SELECT d FROM (SELECT 1 AS turn, format('EVENT TRIGGER %I', evtname) AS d FROM pg_event_trigger WHERE evtname IN (${list(names.eventTriggers.map(({ name }) => name))})`,
    `UNION ALL SELECT 1, format('TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE tgfoid IN (SELECT oid FROM pg_proc WHERE pronamespace = to_regnamespace(${schema}) AND proname LIKE ${emptied})`,
    `UNION ALL SELECT 2, format('PUBLICATION %I', pubname) FROM pg_publication WHERE pubname LIKE ${slots}`,
    `UNION ALL SELECT 3, format('FUNCTION %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = to_regnamespace(${schema}) AND (proname IN (${mine}) OR proname LIKE ${emptied})`,
    `UNION ALL SELECT 4, format('TABLE %s', oid::regclass) FROM pg_class WHERE relnamespace = to_regnamespace(${schema}) AND relkind = 'r' AND (relname IN (${mine}) OR relname LIKE ${emptied})) x ORDER BY turn`,
    "LOOP EXECUTE 'DROP ' || s; END LOOP;",
    `IF to_regclass('${records}') IS NOT NULL THEN`,
    `DELETE FROM ${records} WHERE job = ${quoteLiteral(id)}; DELETE FROM ${routes} WHERE job = ${quoteLiteral(id)};`,
    `IF NOT EXISTS (SELECT FROM ${records}) AND NOT EXISTS (SELECT FROM ${routes}) THEN DROP TABLE ${records}, ${routes}; END IF; END IF;`,
    `IF to_regnamespace(${schema}) IS NOT NULL AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace(${schema}))`,
    `AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = to_regnamespace(${schema})) THEN DROP SCHEMA ${PROGRESS_SCHEMA}; END IF;`,
    'END $howdah$;',
  ].join(' ');
}

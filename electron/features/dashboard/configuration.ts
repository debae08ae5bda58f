import type { SettingRow } from '../../../shared/model/dashboard';
import type { PgSession } from '../../adapters/postgres/session';

/**
 * Every setting that we may see. What the session for looking has set for itself is told as it is for others. A setting counts as changed
 * when its value is not the one that the program was built with.
 */
const SETTINGS = `
SELECT s.name, s.value, s.unit, s.category, s.short_desc AS summary, coalesce(s.extra_desc, '') AS details, s.context,
  s.vartype AS type, s.source, s.min_val AS least, s.max_val AS most, coalesce(s.enumvals, '{}') AS choices,
  s.boot_val AS "builtIn", s.sourcefile AS file, s.sourceline AS line, s.pending_restart AS "pendingRestart",
  s.value IS DISTINCT FROM coalesce(s.boot_val, '') AND s.source NOT IN ('default', 'override') AS changed,
  CASE WHEN s.own THEN s.value ELSE pg_catalog.current_setting(s.name) END AS shown
FROM (
  SELECT p.*, p.source = 'session' AS own,
    coalesce(CASE WHEN p.source = 'session' THEN p.reset_val ELSE p.setting END, '') AS value
  FROM pg_catalog.pg_settings p
) s
ORDER BY s.name`;

/** Settings by name, those that only superusers may see left out for others. */
export const readSettings = (session: PgSession, signal: AbortSignal): Promise<SettingRow[]> =>
  session.query<SettingRow>(SETTINGS, [], signal);

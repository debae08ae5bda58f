import { FEATURES_FROM_15 } from './downgrade-from-15';
import { FEATURES_TO_14 } from './downgrade-to-14';
import type { ServerFeature } from './downgrade-feature';
import { DOWNGRADE_EXPRESSION_CHECKS } from './downgrade-expressions';
import { DOWNGRADE_OPTION_CHECKS } from './downgrade-options';
import type { Check } from './check';
import { count, itemsCheck } from './object-scope';

const featureCheck = (feature: ServerFeature): Check =>
  itemsCheck({
    id: `downgrade-${feature.id}`,
    step: 'ObjectCheck',
    title: `Since ${feature.since}: ${feature.name}`,
    applies: ({ source, target }) => source.major >= feature.since && target.major < feature.since,
    sql: feature.sql,
    params: (scope) => feature.params?.(scope) ?? [scope.tables],
    level: feature.level ?? 'warning',
    none: `There are no ${feature.name}`,
    found: (many) =>
      `${count(many, 'object')} of a kind that servers older than ${feature.since} lack: ${feature.name}`,
    effect: feature.effect,
    remedy: feature.remedy,
  });

/** What an older target cannot hold. One of these is never a reason not to begin: the objects fail one by one, with their reason. */
export const DOWNGRADE_CHECKS: readonly Check[] = [
  ...[...FEATURES_TO_14, ...FEATURES_FROM_15].map(featureCheck),
  ...DOWNGRADE_OPTION_CHECKS,
  ...DOWNGRADE_EXPRESSION_CHECKS,
];

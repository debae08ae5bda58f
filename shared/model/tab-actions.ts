/** An action that a view offers in its tab, as it is known before any view is open. */
export interface KnownTabAction {
  /** Key of its name in the translations, with the namespace. */
  readonly label: string;
  /** Those that it comes with. */
  readonly keys?: string | readonly string[];
}

/** Every action of a tab whose name is always the same, by the id under which a view offers it. */
export const TAB_ACTION_CATALOGUE: Readonly<Record<string, KnownTabAction>> = {
  'compare.apply': { label: 'compare:script.apply' },
  'compare.cancel': { label: 'compare:cancel' },
  'compare.cancel-rows': { label: 'compare:cancel' },
  'compare.copy-script': { label: 'compare:script.copy' },
  'compare.filter': { label: 'compare:filter' },
  'compare.open-script': { label: 'compare:script.open' },
  'compare.rows': { label: 'compare:data.compare' },
  'compare.rows-script': { label: 'compare:data.script' },
  'compare.start': { label: 'compare:compare' },
  'compare.swap': { label: 'compare:swap' },
  'dashboard.connect': { label: 'dashboard:asleep.connect' },
  'dashboard.follow-log': { label: 'dashboard:logs.follow' },
  'dashboard.marks': { label: 'dashboard:sessions.marks' },
  'dashboard.refresh': { label: 'dashboard:refresh', keys: 'f5' },
  'dashboard.save-log': { label: 'dashboard:logs.save' },
  'dashboard.zoom-out': { label: 'dashboard:activity.zoomOut' },
  'data.add': { label: 'data:actions.add' },
  'data.discard': { label: 'data:actions.discard' },
  'data.query': { label: 'data:actions.query' },
  'data.refresh': { label: 'data:actions.refresh', keys: 'f5' },
  'data.review': { label: 'data:actions.review' },
  'data.save': { label: 'data:actions.save', keys: 'mod+s' },
  'diagram.begin': { label: 'diagram:start.empty' },
  'diagram.open': { label: 'diagram:start.open' },
  'diagram.search': { label: 'diagram:panel.search', keys: 'mod+f' },
  'folder.create': { label: 'objects:menu.create' },
  'folder.drop': { label: 'objects:menu.drop' },
  'folder.drop-cascade': { label: 'objects:menu.dropCascade' },
  'folder.filter': { label: 'catalog:filter' },
  'folder.grant': { label: 'objects:actions.grant.menu' },
  'folder.maintain': { label: 'objects:actions.maintain.menu' },
  'folder.refresh': { label: 'catalog:menu.refresh' },
  'history.clear': { label: 'library:history.clear' },
  'history.copy': { label: 'library:copy' },
  'history.open': { label: 'library:history.open' },
  'history.remove': { label: 'library:remove' },
  'history.search': { label: 'library:history.search' },
  'instances.networks': { label: 'instances:networks' },
  'instances.refresh': { label: 'instances:refresh', keys: 'f5' },
  'library.remove': { label: 'library:remove' },
  'library.save': { label: 'library:save', keys: 'mod+s' },
  'migrations.refresh': { label: 'migration:list.refresh', keys: 'f5' },
  'object.copy-name': { label: 'catalog:menu.copyName' },
  'object.copy-sql': { label: 'catalog:copySql' },
  'object.drop': { label: 'objects:menu.drop' },
  'object.edit': { label: 'catalog:menu.edit' },
  'object.open-sql': { label: 'catalog:openInQueryTool' },
  'object.query': { label: 'catalog:menu.queryTool' },
  'object.refresh': { label: 'catalog:menu.refresh' },
  'plan.back': { label: 'explain:open.back' },
  'plan.compare-earlier': { label: 'explain:offers.earlier' },
  'plan.compare-other': { label: 'explain:offers.compare' },
  'plan.end-compare': { label: 'explain:compare.end' },
  'plan.fit': { label: 'explain:diagram.fit' },
  'plan.open': { label: 'explain:menu.open' },
  'plan.side': { label: 'explain:side.toggle' },
  'plan.zoom-in': { label: 'explain:diagram.zoomIn' },
  'plan.zoom-out': { label: 'explain:diagram.zoomOut' },
  'query.begin': { label: 'query:transact.begin' },
  'query.cancel': { label: 'query:cancel.label', keys: 'mod+.' },
  'query.commit': { label: 'query:transact.commit', keys: 'mod+alt+c' },
  'query.explain': { label: 'explain:button.plan', keys: 'f7' },
  'query.explain-analyze': { label: 'explain:button.analyze', keys: 'shift+f7' },
  'query.rollback': { label: 'query:transact.rollback', keys: 'mod+alt+r' },
  'query.run': { label: 'query:run.label', keys: ['f5', 'mod+enter'] },
  'query.run-current': { label: 'query:runCurrent.label', keys: 'mod+shift+enter' },
  'query.save-as': { label: 'library:file.saveAs', keys: 'mod+shift+s' },
  'query.save-query': { label: 'library:menu.saveQuery' },
  'tasks.cancel': { label: 'tasks:cancel' },
  'tasks.open-result': { label: 'tasks:openResult' },
  'tasks.remove': { label: 'tasks:remove' },
};

/** Beginnings of the ids of actions whose names are made of what a view shows: they are known once the view has been open. */
export const MADE_TAB_ACTIONS: readonly string[] = [
  'compare.show-',
  'dashboard.',
  'dashboard.every-',
  'dashboard.pause',
  'dashboard.search',
  'dashboard.show-',
  'diagram.',
  'diagram.show-',
  'library.new',
  'library.open',
  'library.search',
  'library.show-',
  'object.rows',
  'object.show-',
  'plan.copy-json',
  'plan.copy-text',
  'plan.save-',
  'plan.show-',
  'tasks.remove-ended',
];

/** Kinds of tabs in which an action's keys count. Rows are edited in results of a query as well, and plans stand in its tab. */
export function scopesOf(id: string): readonly string[] {
  const area = id.split('.')[0] ?? id;
  if (area === 'data') return ['data', 'query'];
  return [area === 'plan' ? 'query' : area];
}

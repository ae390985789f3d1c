import { fileURLToPath } from 'node:url';

/** Who may import what; `.config/dependency-rule.spec.ts` shows that each rule fires. */

/** Specs, and what only specs import. */
const SPEC = '(\\.(spec|int-spec|e2e-spec|full-spec|fixture)\\.tsx?$|/test/|/conformance/)';
/** The libs that the code of each part may import, besides itself. */
const MAY_IMPORT = {
  'libs/contracts': [],
  'libs/mmif': [],
  'libs/runtime': [],
  'libs/clams': ['mmif'],
  'libs/messaging': ['contracts', 'runtime'],
  'libs/database': ['contracts', 'runtime'],
  'libs/testing': ['contracts', 'mmif', 'runtime', 'clams', 'messaging', 'database'],
  'services/gateway': ['contracts', 'mmif', 'clams', 'runtime', 'messaging', 'database'],
  'services/scheduler': ['contracts', 'mmif', 'clams', 'runtime', 'messaging', 'database'],
  'services/worker': ['contracts', 'mmif', 'clams', 'runtime', 'messaging'],
  'services/notifier': ['contracts', 'runtime', 'messaging'],
  'services/web': ['contracts', 'mmif', 'clams'],
  'services/demo-apps': ['mmif', 'clams', 'runtime'],
  // Speaks to Chowda as any program does: REST and Socket.IO.
  'services/cli': ['contracts', 'runtime'],
  'deploy/local': ['contracts'],
  // Measure and break the built services from outside, beside baselines of their own.
  'deploy/bench': ['contracts', 'mmif', 'clams', 'runtime', 'messaging', 'testing'],
  'deploy/fuzz': ['contracts', 'testing'],
  'deploy/mutants': [],
  'deploy/chaos': ['contracts', 'mmif', 'clams', 'runtime', 'messaging', 'testing'],
};
const TOOLS = ['^deploy/bench/', '^deploy/chaos/', '^deploy/fuzz/', '^deploy/mutants/'];
/** Packages that only the named folders may import. */
const HOMES = {
  nats: ['libs/messaging', 'libs/testing', 'deploy/bench', 'deploy/chaos'],
  '(typeorm|@nestjs/typeorm)': ['libs/database'],
  pg: ['libs/database', 'libs/testing', 'deploy/local', 'deploy/bench', 'deploy/chaos'],
  '(socket\\.io|@nestjs/platform-socket\\.io|@nestjs/websockets)': ['services/notifier'],
};

const layer = ([folder, libs]) => ({
  name: `${folder} imports only ${libs.length > 0 ? libs.join(', ') : 'no lib'}`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: [SPEC, '/test/'] },
  to: { path: '^libs/', pathNot: [`^${folder}/`, ...libs.map((lib) => `^libs/${lib}/`)] },
});

const home = ([packages, folders]) => ({
  name: `${packages} has its home in ${folders.join(', ')}`,
  severity: 'error',
  from: { pathNot: [SPEC, ...folders.map((folder) => `^${folder}/`)] },
  to: { path: `node_modules/(@types/)?${packages}/` },
});

export default {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(layer),
    ...Object.entries(HOMES).map(home),
    {
      name: 'no service imports another',
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: SPEC },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'the door of a lib is its index.ts',
      severity: 'error',
      from: { path: '^(libs|services|deploy)/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^$1/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'libs/testing is for specs, bench, chaos and fuzz only',
      severity: 'error',
      from: { pathNot: [SPEC, '^libs/testing/', ...TOOLS] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'only libs/testing, bench, chaos, fuzz and specs import deploy/local',
      severity: 'error',
      from: { pathNot: [SPEC, '^libs/testing/', '^deploy/local/', ...TOOLS] },
      to: { path: '^deploy/local/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'everything imported is there', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: fileURLToPath(new URL('tsconfig.dependency-rule.json', import.meta.url)) },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

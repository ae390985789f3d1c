import { fileURLToPath } from 'node:url';

/** The allowed imports; `.config/dependency-rule.spec.ts` proves that each rule fires. */

/** Specs, and files that only specs import. */
const SPEC = '(\\.(spec|int-spec|e2e-spec|full-spec|fixture)\\.tsx?$|/test/|/conformance/)';
/** The libs that the code of each part may import in addition to its own files. */
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
  // Uses only the public interfaces: REST and Socket.IO.
  'services/cli': ['contracts', 'runtime'],
  'deploy/local': ['contracts'],
  // Measure and disturb the built services from outside.
  'deploy/bench': ['contracts', 'mmif', 'clams', 'runtime', 'messaging', 'testing'],
  'deploy/fuzz': ['contracts', 'testing'],
  'deploy/mutants': [],
  'deploy/chaos': ['contracts', 'mmif', 'clams', 'runtime', 'messaging', 'testing'],
};
const TOOLS = ['^deploy/bench/', '^deploy/chaos/', '^deploy/fuzz/', '^deploy/mutants/', '^deploy/model/'];
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
  name: `${packages} may only be imported in ${folders.join(', ')}`,
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
      name: 'a lib is imported through its index.ts',
      severity: 'error',
      from: { path: '^(libs|services|deploy)/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^$1/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'libs/testing is for specs and development tools only',
      severity: 'error',
      from: { pathNot: [SPEC, '^libs/testing/', ...TOOLS] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'only libs/testing, development tools and specs import deploy/local',
      severity: 'error',
      from: { pathNot: [SPEC, '^libs/testing/', '^deploy/local/', ...TOOLS] },
      to: { path: '^deploy/local/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'every import resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
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

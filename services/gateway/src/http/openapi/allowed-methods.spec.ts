import { describe, expect, it } from '@jest/globals';
import { allowedMethods } from './allowed-methods.js';

const ROUTES = [
  { method: 'get', path: '/api/batches' },
  { method: 'post', path: '/api/batches' },
  { method: 'post', path: '/api/batches/combine' },
  { method: 'get', path: '/api/batches/{id}' },
  { method: 'get', path: '/api/openapi.json' },
];

describe('allowedMethods', () => {
  it.each([
    ['/api/batches', ['GET', 'POST', 'HEAD', 'OPTIONS']],
    ['/API/Batches/', ['GET', 'POST', 'HEAD', 'OPTIONS']],
    ['/api/batches/7', ['GET', 'HEAD', 'OPTIONS']],
    ['/api/batches/combine', ['POST', 'OPTIONS']],
    ['/api/openapi.json', ['GET', 'HEAD', 'OPTIONS']],
    ['/api/openapixjson', []],
    ['/api/batches/7/nothing', []],
    ['/api', []],
  ])('lists the methods of %s: %j', (path, methods) => expect(allowedMethods(ROUTES)(path)).toEqual(methods));
});

// A spec file without tests.
export {};

// The world of rules and actions: Node as far as it does no harm, the packages they ask for, and nothing else.
import './setup.ts';
import './globals.ts';

"""Why does a socket close?  All from 4000 on: of those below, Daphne lets an application send only 1000."""

NOT_ADMITTED = 4001
NOT_UNDERSTOOD = 4003
NO_SUCH_CLUSTER = 4004
TOO_FAST = 4008
TOO_BIG = 4010
COME_BACK = 4012
TOO_MANY = 4013

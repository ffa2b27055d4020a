"""Which options do the small tools have that are not simulated?  So that no option that there is gets called invalid.

Source: the --help of GNU coreutils 9.1 and grep 3.8, and of busybox 1.36.
"""

from __future__ import annotations

# By program: letters and long names.
OPTIONS = {
    "cat": "AbEsTv number number-nonblank show-all show-ends show-nonprinting show-tabs squeeze-blank",
    "cut": "nz bytes characters complement delimiter fields only-delimited output-delimiter zero-terminated",
    "grep": "bdfIDPrRTuUzZ basic-regexp binary-files byte-offset context-separator dereference-recursive devices directories exclude "
    "exclude-dir exclude-from file group-separator include initial-tab label line-buffered no-group-separator no-ignore-case null "
    "null-data perl-regexp recursive text unix-byte-offsets",
    "head": "vz quiet silent verbose zero-terminated",
    "ls": "aBcCDfFgGiIkmnNopqQsStTuUvwxXZ all almost-all author block-size color directory human-readable inode recursive reverse size sort time",
    "rm": "dIv dir interactive one-file-system preserve-root recursive force verbose",
    "sort": "bdgihMRVcCmosSTz batch-size check compress-program debug dictionary-order files0-from general-numeric-sort human-numeric-sort "
    "ignore-leading-blanks ignore-nonprinting merge month-sort output parallel random-sort random-source stable "
    "temporary-directory version-sort zero-terminated",
    "tail": "svz follow max-unchanged-stats pid quiet retry silent sleep-interval verbose zero-terminated",
    "tr": "t complement delete squeeze-repeats truncate-set1",
    "uniq": "Dfswz all-repeated check-chars group skip-chars skip-fields zero-terminated",
    "wc": "L files0-from max-line-length total",
}


def known(program: str, option: str) -> bool:
    """Whether the real program has it: a letter, or a long name."""
    letters, _, names = OPTIONS.get(program, "").partition(" ")
    return option in letters if len(option) == 1 else option in names.split()

"""What can a learner type on the workstation that no container has?  `kubectl`, and the playground's own words after `switchyard`."""

"""Databases of earlier versions, each at the migrations that its version ended with, migrated to this one."""

"""JSON Schemas: of reports, which is a file here, and of rule files and the configuration, made of what checks say."""

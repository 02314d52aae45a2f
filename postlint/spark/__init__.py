"""postlint on Apache Spark, for corpora that outgrow one machine."""

package ringside.content.webroot;

/// What the sources of a build share.
record BuildParts(
        BuildPlan plan,
        WebrootWriter writer,
        ResourceSink sink,
        FileIntake intake,
        VariantStore variants,
        Listing listing,
        BuildTally tally) {}

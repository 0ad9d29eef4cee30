package ringside.server;

/// What a server has done since its start, over all its event loops.
///
/// @param connections accepted
/// @param answers begun, of any status
/// @param refusals answers with a status of 400 or more
/// @param transfersCut answers that broke off after their head had gone out: the file shrank, or a read failed
/// @param connectionErrors connections that ended in an error such as a reset by the peer
/// @param timeouts connections closed since nothing moved, or a request didn't arrive in time
/// @param defects unexpected exceptions; anything but 0 is a defect of ringside
public record ServerCounters(
        long connections,
        long answers,
        long refusals,
        long transfersCut,
        long connectionErrors,
        long timeouts,
        long defects) {

    static final ServerCounters ZERO = new ServerCounters(0, 0, 0, 0, 0, 0, 0);

    ServerCounters plus(ServerCounters other) {
        return new ServerCounters(
                connections + other.connections,
                answers + other.answers,
                refusals + other.refusals,
                transfersCut + other.transfersCut,
                connectionErrors + other.connectionErrors,
                timeouts + other.timeouts,
                defects + other.defects);
    }
}

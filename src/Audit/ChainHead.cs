using Dapper;
using Npgsql;

namespace Kilde.Audit;

/// <summary>The newest entry of a chain.</summary>
public sealed record ChainHead(string Chain, long SequenceNo, byte[] Hash)
{
    /// <summary>The heads of all chains, ordered by chain, as the transaction sees them.</summary>
    internal static async Task<IReadOnlyList<ChainHead>> FindAsync(
        NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var heads = await transaction.Connection!.QueryAsync<ChainHead>(
            new CommandDefinition(Select, transaction: transaction, cancellationToken: cancellation));
        return heads.AsList();
    }

    // The log has few chains and very many entries: the recursion steps from chain to chain in the index.
    private const string Select =
        """
        with recursive chain as (
          (select chain from audit.entry order by chain limit 1)
          union all
          select (select e.chain from audit.entry e where e.chain > chain.chain order by e.chain limit 1)
          from chain
          where chain.chain is not null
        )
        select chain.chain, newest.sequence_no, newest.hash
        from chain
        cross join lateral (
          select e.sequence_no, e.hash from audit.entry e
          where e.chain = chain.chain order by e.sequence_no desc limit 1
        ) newest
        order by chain.chain
        """;
}

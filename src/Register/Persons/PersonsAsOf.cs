using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Register.Merging;

namespace Kilde.Register.Persons;

/// <summary>
/// Takes persons back to whom their identifiers stood for at the newest person change the register has applied. A merge
/// that holds the batch counter cannot apply newer ones; the follower does, when the merge is done.
/// </summary>
/// <param name="appliedNo">The newest person change the register has applied.</param>
internal sealed class PersonsAsOf(VaultView vault, long appliedNo)
{
    private const int ChangesPerReading = 10_000;

    private readonly Dictionary<long, long> _formerPersons = [];
    private long _readNo = appliedNo;

    /// <param name="resolvedAt">The vault's newest change when the last of the persons was resolved.</param>
    public async Task TakeBackAsync(
        Memory<ResolvedPerson> persons, long resolvedAt, CancellationToken cancellation)
    {
        while (_readNo < resolvedAt)
        {
            // The first change after the applied one tells where the identifier was then.
            foreach (var change in await vault.ReadChangesAsync(_readNo, ChangesPerReading, cancellation))
            {
                _formerPersons.TryAdd(change.Identifier.Value, change.From.Value);
                _readNo = change.ChangeNo;
            }
        }

        ResolvePersons.Follow(persons, _formerPersons);
    }
}

using Kilde.Audit;
using Kilde.Definitions.Model;

namespace Kilde.Register.Comparing;

/// <summary>Whose records of which kind are compared. The one who asks must be the sender.</summary>
/// <param name="Sender">The reporting unit as the records have it.</param>
/// <param name="Ground">On what ground local ids are told; each time is in the audit log.</param>
public sealed record ComparedRecords(RecordType Type, string Sender, AccessGround Ground);

using Kilde.Audit;
using Kilde.Intake.Slash.Returning;
using Kilde.Kernel;
using Kilde.Quality.Returning;
using Kilde.Register.Returning;

namespace Kilde.Host.Feedback;

/// <summary>What the API gives a sender back is what the portal gives it.</summary>
internal sealed class RecordReturn(ReturnRecords records) : IRecordReturn
{
    public string ContentType => ReturnRecords.ContentType;

    public async Task WriteAsync(
        OrganizationNumber unit, string clientId, Stream output, CancellationToken cancellation) =>
        await records.WriteAsync(
            unit, ReturnedRecords.All, new Actor("client", clientId), output, cancellation);
}
